package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAsynchronousEndpointsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:endpoints.flowers.async."
	for _, r := range []struct{ name, async, want string }{
		{
			"answers elsewhere", "{outputPath: 'https://example.com/'}",
			`outputPath: "https://example.com/" is not a place in Amazon S3; expected one like "s3://bucket/path/"`,
		},
		{
			"failures elsewhere", "{failurePath: failures}",
			`failurePath: "failures" is not a place in Amazon S3; expected one like "s3://bucket/path/"`,
		},
		{
			"a path too long", "{outputPath: 's3://bucket/" + strings.Repeat("a", 491) + "'}",
			`outputPath: "s3://bucket/` + strings.Repeat("a", 491) + `" has 503 characters; at most 502 are allowed`,
		},
		{
			"a topic by its name", "{successTopicArn: answers}",
			`successTopicArn: "answers" is not the ARN of an SNS topic`,
		},
		{
			"a queue for a topic", "{errorTopicArn: 'arn:aws:sqs:eu-west-1:123456789012:errors'}",
			`errorTopicArn: "arn:aws:sqs:eu-west-1:123456789012:errors" is not the ARN of an SNS topic`,
		},
		{
			"answers for nobody", "{includeInferenceResponse: true}",
			"includeInferenceResponse: needs a successTopicArn",
		},
		{
			"no concurrency", "{maxConcurrentInvocationsPerInstance: 0}",
			"maxConcurrentInvocationsPerInstance: 0 is not between 1 and 1000",
		},
		{
			"too much concurrency", "{maxConcurrentInvocationsPerInstance: 1001}",
			"maxConcurrentInvocationsPerInstance: 1001 is not between 1 and 1000",
		},
	} {
		refuse(t, []row{{name: r.name, set: change{"endpoints.flowers.async": r.async}, want: []string{at + r.want}}})
	}
	refuse(t, []row{
		{
			name: "that scale by invocations", set: change{"endpoints.flowers.async": "{}", variantPath + "scaling": scaled},
			want: []string{"sagehost:" + variantPath + "scaling.invocationsPerInstance: never scales an asynchronous " +
				"endpoint, which publishes no metric of invocations; use backlogPerInstance"},
		},
		{
			name: "with captured data",
			set:  change{"endpoints.flowers.async": "{}", "endpoints.flowers.dataCapture": "{}"},
			want: []string{"sagehost:endpoints.flowers.dataCapture: is not possible with async"},
		},
		{
			name: "of many models",
			set: change{
				"endpoints.flowers.async": "{}", "models.flowers": "{image: '" + repository + ":1', multiModel: {}}",
			},
			want: []string{"sagehost:endpoints.flowers.async: is not possible with a multi-model container"},
		},
	})
}

func TestDataCaptureThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:endpoints.flowers.dataCapture"
	eleven := "[" + strings.TrimSuffix(strings.Repeat("a/b, ", 11), ", ") + "]"
	for _, r := range []struct {
		name, capture string
		want          []string
	}{
		{"less than nothing", "{percentage: -1}", []string{".percentage: -1 is not between 0 and 100"}},
		{"more than everything", "{percentage: 101}", []string{".percentage: 101 is not between 0 and 100"}},
		{"neither input nor output", "{input: false, output: false}", []string{
			": captures neither input nor output; remove it",
		}},
		{"no types", "{csvContentTypes: []}", []string{".csvContentTypes: has 0 entries; 1 to 10 are allowed"}},
		{"no type", "{jsonContentTypes: [json]}", []string{
			`.jsonContentTypes[0]: "json" is not a media type, such as text/csv`,
		}},
		{
			"a type twice", "{csvContentTypes: [text/csv, text/csv]}",
			[]string{`.csvContentTypes[1]: "text/csv" stands at ` + at + ".csvContentTypes[0] too"},
		},
		{"a destination elsewhere", "{destination: /tmp}", []string{
			`.destination: "/tmp" is not a place in Amazon S3; expected one like "s3://bucket/path/"`,
		}},
	} {
		want := make([]string, len(r.want))
		for i := range want {
			want[i] = at + r.want[i]
		}
		refuse(t, []row{{name: r.name, set: change{"endpoints.flowers.dataCapture": r.capture}, want: want}})
	}
	_, err := Parse(configured(t, change{"endpoints.flowers.dataCapture": "{csvContentTypes: " + eleven + "}"}))
	assert.Equal(t, at+".csvContentTypes: has 11 entries; 1 to 10 are allowed", lines(t, err)[0])
}

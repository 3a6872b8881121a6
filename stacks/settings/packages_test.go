package settings

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPackagesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		at    = "sagehost:models.flowers."
		arn   = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers/1"
		group = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/flowers"
	)
	model := func(arn, members string) change {
		return change{"models.flowers": "{packageArn: '" + arn + "'" + members + "}"}
	}
	several := model(arn, ", networkIsolation: false, packageImages: ['"+repository+":1', '"+repository+":1']")
	with := func(path, value string) change {
		set := maps.Clone(several)
		set[path] = value
		return set
	}
	refuse(t, []row{
		{
			name: "several containers and asynchronous answers", set: with("endpoints.flowers.async", "{}"),
			want: []string{"sagehost:endpoints.flowers.async: is not possible with a model of several containers"},
		},
		{
			name: "several containers and a shadow", set: with("endpoints.flowers.shadow", shadowed),
			want: []string{"sagehost:endpoints.flowers.shadow: is not possible with a model of several containers"},
		},
		{
			name: "several containers and no instances", set: with("endpoints.flowers.variants", withoutInstances),
			want: []string{"sagehost:endpoints.flowers.variants[0].serverless: " +
				"is not possible for a model with several containers"},
		},
		{
			name: "a group", set: model(group, ""),
			want: []string{at + `packageArn: "` + group + `" is not the ARN of a model package; expected one like ` +
				`"arn:<partition>:sagemaker:eu-west-1:123456789012:model-package/flowers/1"`},
		},
		{
			name: "a package and containers", set: model(arn, ", image: x, environment: {A: b}, containers: []"),
			want: []string{
				at + "containers: contradicts packageArn, which stands for all containers",
				at + "image: contradicts packageArn, which stands for all containers",
			},
		},
		{
			name: "direct requests", set: model(arn, ", direct: true"),
			want: []string{at + "direct: is for a pipeline; a model without containers has none"},
		},
		{
			name: "images and prefixes that are none",
			set:  model(arn, ", packageImages: [''], packagePrefixes: ['s3://models/m']"),
			want: []string{
				at + "packageImages[0]: is empty; give a value, or leave the key out",
				at + `packagePrefixes[0]: "s3://models/m" is not a prefix in Amazon S3; expected one like "s3://bucket/path/"`,
			},
		},
		{
			name: "no version where packages are pinned",
			set:  withPinned(model(strings.TrimSuffix(arn, "/1"), "")),
			want: []string{at + `packageArn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers" is not pinned; ` +
				"this stack demands a version (" + arn + ")"},
		},
		{
			name: "a tag where images are pinned",
			set:  withPinned(model(arn, ", packageImages: ['"+repository+":1']")),
			want: []string{at + `packageImages[0]: "` + repository + `:1" is not pinned; ` +
				"this stack demands a digest (name@sha256:…)"},
		},
	})
	accept(t, several)
	accept(t, withPinned(model(arn, ", packageImages: ['"+repository+"@"+digest+"'], packagePrefixes: [s3://models/m/]")))
	for arn, region := range map[string]string{
		arn: "eu-west-1", "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers": "eu-west-1",
		"arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:model-package/my-flowers/999999999": "us-gov-west-1",
	} {
		assert.Equal(t, arn, acceptIn(t, region, model(arn, "")).Models["flowers"].PackageARN)
	}
	accept(t, model(arn, ", packageImages: ['"+repository+":1'], packagePrefixes: [s3://models/flowers/]"))
}

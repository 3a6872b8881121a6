package smoke

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
	"sagehost/internal/release"
)

// later is an asynchronous endpoint.
func later() *inservice.Endpoint {
	e := one("main")
	e.Async = &types.AsyncInferenceOutputConfig{S3OutputPath: aws.String("s3://batch/flowers-dev/async-output/")}
	return e
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAnAsynchronousAnswerIsFetched(t *testing.T) {
	for name, row := range map[string]struct {
		fake   endpoint
		expect string
		input  string
		want   Outcome
	}{
		"right": {
			endpoint{output: "saw "}, "{equals: saw x}", "", Outcome{Case: "a", Result: release.Pass},
		},
		"from a folder of one's own": {
			endpoint{output: "saw "}, "{equals: saw x}", "s3://mine/in/", Outcome{Case: "a", Result: release.Pass},
		},
		"a failure": {
			endpoint{failure: "out of memory"},
			"{equals: a}", "",
			Outcome{
				Case: "a", Result: release.Fail,
				Problem: `the status is a failure; expected 200; the answer is "out of memory"`,
			},
		},
		"a failure that is expected": {
			endpoint{failure: "no number"},
			"{status: 400, equals: no number}", "",
			Outcome{Case: "a", Result: release.Pass},
		},
		"never": {
			endpoint{},
			"{equals: a}", "",
			Outcome{Case: "a", Result: release.Fail, Problem: "no answer came within 15m0s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := row.fake
				fake.objects = map[string]string{}
				test := Test{
					Endpoint: later(), Runtime: &fake, Objects: &fake, Input: row.input,
					File: parsed(t, "  - {name: a, body: x, requests: 2, expect: "+row.expect+"}"),
				}
				report, err := test.Run(t.Context())
				require.NoError(t, err)
				assert.Equal(t, []Outcome{row.want}, report.Outcomes)
				var inputs []string
				for key, body := range fake.objects {
					if body == "x" {
						inputs = append(inputs, key)
					}
				}
				folder := "batch/flowers-dev/async-input"
				if row.input != "" {
					folder = "mine/in"
				}
				assert.Equal(t, []string{
					folder + "/smoke/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
				}, inputs, "the same request is stored once")
			})
		})
	}
}

func TestAnAsynchronousEndpointTakesNoTarget(t *testing.T) {
	t.Parallel()
	test := Test{Endpoint: later(), File: parsed(t, "  - {name: a, body: x, variant: main, expect: {equals: a}}")}
	report, err := test.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []Outcome{{
		Case: "a", Variant: "main", Result: release.Fail,
		Problem: "an asynchronous endpoint takes no variant, model or container; leave them out",
	}}, report.Outcomes)
}

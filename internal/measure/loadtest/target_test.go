package loadtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/inservice"
	"sagehost/internal/measure/smoke"
)

func TestOnlyInstancesThatAnswerAtOnceAreMeasured(t *testing.T) {
	t.Parallel()
	main := inservice.Variant{Name: "main", Instances: 2}
	next := inservice.Variant{Name: "next", Instances: 1}
	rare := inservice.Variant{Name: "rare", Serverless: true}
	for name, row := range map[string]struct {
		endpoint inservice.Endpoint
		variant  string
		want     string
	}{
		"the only one": {inservice.Endpoint{Variants: []inservice.Variant{main}}, "", ""},
		"by its name":  {inservice.Endpoint{Variants: []inservice.Variant{next, main}}, "main", ""},
		"which of them": {
			inservice.Endpoint{Variants: []inservice.Variant{main, next}},
			"",
			`endpoint "e" has the variants main, next; choose one`,
		},
		"a typing error": {
			inservice.Endpoint{Variants: []inservice.Variant{main}},
			"mian",
			`endpoint "e" has no variant "mian"; it has main; did you mean "main"?`,
		},
		"later": {
			inservice.Endpoint{Variants: []inservice.Variant{main}, Async: &types.AsyncInferenceOutputConfig{}},
			"",
			`endpoint "e" is asynchronous: it scales by its backlog (backlogPerInstance)`,
		},
		"without instances": {
			inservice.Endpoint{Variants: []inservice.Variant{rare}},
			"",
			`variant "rare" of endpoint "e" is serverless: it has no instances to measure; it scales by utilization ` +
				`(concurrencyScaling)`,
		},
		"at zero": {
			inservice.Endpoint{Variants: []inservice.Variant{{Name: "main"}}},
			"",
			`variant "main" of endpoint "e" has no instance`,
		},
	} {
		row.endpoint.Name = "e"
		target, err := Choose(&row.endpoint, row.variant)
		if row.want != "" {
			require.EqualError(t, err, row.want, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, main, target.Variant, name)
	}
}

// endpoint describes itself.
type endpoint struct {
	config string
	count  int32
}

func (e *endpoint) DescribeEndpoint(
	context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	return &sagemaker.DescribeEndpointOutput{
		EndpointConfigName: &e.config, EndpointStatus: types.EndpointStatusInService,
		ProductionVariants: []types.ProductionVariantSummary{
			{VariantName: aws.String("main"), CurrentInstanceCount: &e.count},
		},
	}, nil
}

func (e *endpoint) DescribeEndpointConfig(
	context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointConfigOutput, error) {
	return &sagemaker.DescribeEndpointConfigOutput{
		ProductionVariants: []types.ProductionVariant{{VariantName: aws.String("main")}},
	}, nil
}

func TestWhatIsMeasuredMustStayTheSame(t *testing.T) {
	t.Parallel()
	api := &endpoint{config: "a", count: 1}
	serving, err := inservice.Describe(t.Context(), api, "e")
	require.NoError(t, err)
	target, err := Choose(serving, "")
	require.NoError(t, err)
	unchanged := target.Unchanged(api)
	require.NoError(t, unchanged(t.Context()))
	api.count = 2
	require.EqualError(t, unchanged(t.Context()),
		`variant "main" had 1 instances at first and has 2; suspend its scaling during the test`)
	api.config = "b"
	assert.EqualError(t, unchanged(t.Context()), `endpoint "e" was given the configuration b during the test`)
}

func TestTheAdviceIsForOneInstance(t *testing.T) {
	t.Parallel()
	best := &Step{Rate: 100.57, Latency: smoke.Latency{Mean: 100 * time.Millisecond}}
	advice := Advise(best, 2, 0.6)
	assert.InDelta(t, 50.2, advice.MaxRequestsPerSecond, 1e-9, "rounded down")
	assert.InDelta(t, 50.2*0.6*60, advice.InvocationsPerInstance(), 1e-9)
	assert.InDelta(t, 50.285*0.1*0.6, advice.Concurrency, 1e-9)
	assert.Equal(t, `scaling:
  loadTest: # held at 1807.2 invocations per instance and minute
    maxRequestsPerSecond: 50.2
    safetyFactor: 0.6
  # or, in place of loadTest, by requests under way, which reacts within seconds:
  # concurrentRequestsPerModel: 3
`, advice.YAML())
	best.Latency.Mean = 2 * time.Millisecond
	assert.True(t, strings.HasSuffix(Advise(best, 1, 0.5).YAML(),
		"  # 0.1 requests are under way then: too few to scale by (concurrentRequestsPerModel)\n"))
}

package harness

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// probe is a test that may fail without failing the one that holds it.
type probe struct{ t *testing.T }

// fails reports whether a helper fails the test it is given.
func fails(helper func(p probe)) bool {
	p := probe{t: new(testing.T)}
	done := make(chan struct{})
	go func() {
		defer close(done) // a failing helper ends its goroutine
		helper(p)
	}()
	<-done
	return p.t.Failed()
}

// sound is a program with nothing to object to.
func sound(ctx *pulumi.Context) error {
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		_, err := cloudwatch.NewMetricAlarm(ctx, "cpu", &cloudwatch.MetricAlarmArgs{
			ComparisonOperator: pulumi.String("GreaterThanThreshold"), EvaluationPeriods: pulumi.Int(1), Tags: tags,
		}, parent)
		return err
	})(ctx)
}

func empty(*pulumi.Context) error { return nil }

func refused(*pulumi.Context) error { return errors.New("refused") }

func TestRunFailsOnWhatMustNotHappen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		program pulumi.RunFunc
		want    bool
	}{
		{"a sound program", sound, false},
		{"a program that fails", refused, true},
		{"a program that registers nothing", empty, true},
		{"a program that breaks an invariant", func(ctx *pulumi.Context) error {
			_, err := sagemaker.NewModel(ctx, "flowers", &sagemaker.ModelArgs{ExecutionRoleArn: pulumi.String("r"), Tags: tags})
			return err
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, fails(func(p probe) { Run(p.t, test.program) }))
		})
	}
}

func TestFailFailsOnWhatMustNotHappen(t *testing.T) {
	t.Parallel()
	late := func(ctx *pulumi.Context) error { return errors.Join(sound(ctx), errors.New("refused too late")) }
	for _, test := range []struct {
		name    string
		program pulumi.RunFunc
		want    bool
	}{
		{"a program that refuses its input", refused, false},
		{"a program that takes it", sound, true},
		{"a program that refuses it once there are resources", late, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, fails(func(p probe) { _ = Fail(p.t, test.program) }))
		})
	}
}

func TestRunErrorFailsOnWhatMustNotHappen(t *testing.T) {
	t.Parallel()
	late := func(ctx *pulumi.Context) error { return errors.Join(sound(ctx), errors.New("rolled back")) }
	for _, test := range []struct {
		name    string
		program pulumi.RunFunc
		want    bool
	}{
		{"a program that fails once there are resources", late, false},
		{"a program that fails before", refused, true},
		{"a program that succeeds", sound, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, fails(func(p probe) { _ = RunError(p.t, test.program) }))
		})
	}
}

func TestGoldenFailsOnADifference(t *testing.T) {
	t.Parallel()
	graph := func(name string) *Graph {
		return &Graph{
			Resources: []Resource{{URN: "urn:a", Inputs: map[string]any{"name": name}}}, Exports: map[string]any{},
		}
	}
	path := filepath.Join(t.TempDir(), "graph.json")
	require.NoError(t, os.WriteFile(path, []byte(`{
  "resources": [
    {
      "urn": "urn:a",
      "inputs": {
        "name": "flowers"
      }
    }
  ],
  "exports": {}
}
`), 0o600))
	assert.False(t, fails(func(p probe) { graph("flowers").Golden(p.t, path) }))
	assert.True(t, fails(func(p probe) { graph("flower").Golden(p.t, path) }))
	assert.True(t, fails(func(p probe) { graph("flowers").Golden(p.t, path+".missing") }))
}

func TestLookingForAResourceThatIsNotThereFails(t *testing.T) {
	t.Parallel()
	graph := &Graph{Resources: []Resource{{Type: "a", Name: "x"}, {Type: "a", Name: "y"}, {Type: "b", Name: "x"}}}
	for _, test := range []struct {
		name string
		look func(p probe)
		want bool
	}{
		{"the only one of a type", func(p probe) { graph.One(p.t, "b") }, false},
		{"one of two", func(p probe) { graph.One(p.t, "a") }, true},
		{"one of none", func(p probe) { graph.One(p.t, "c") }, true},
		{"one by name", func(p probe) { graph.Named(p.t, "a", "y") }, false},
		{"one by another type's name", func(p probe) { graph.Named(p.t, "b", "y") }, true},
	} {
		assert.Equal(t, test.want, fails(test.look), test.name)
	}
	assert.Equal(t, map[string]int{"a": 2, "b": 1}, graph.Counts())
}

func TestAnUnknownFunctionIsAnError(t *testing.T) {
	t.Parallel()
	_, err := record(func(ctx *pulumi.Context) error {
		_, err := aws.GetAvailabilityZones(ctx, nil)
		return err
	}, nil)
	assert.ErrorContains(t, err, "the harness has no answer to aws:index/getAvailabilityZones:getAvailabilityZones")
}

// served is a topic and a policy that needs its ARN.
func served(ctx *pulumi.Context) error {
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		topic, err := sns.NewTopic(ctx, "ops", &sns.TopicArgs{KmsMasterKeyId: pulumi.String("key"), Tags: tags}, parent)
		if err != nil {
			return err
		}
		_, err = sns.NewTopicPolicy(ctx, "ops", &sns.TopicPolicyArgs{
			Arn: topic.Arn, Policy: pulumi.String(refusing),
		}, parent)
		ctx.Export("topic", topic.Arn)
		return err
	})(ctx)
}

func TestWhatAResourceProducesReachesOthersAndExports(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws-cn:test:cn-north-1:123456789012:ops-topic"
	graph := Run(t, served)
	policy := graph.One(t, "aws:sns/topicPolicy:TopicPolicy")
	assert.Equal(t, arn, policy.Inputs["arn"])
	assert.Equal(t, []string{graph.One(t, "aws:sns/topic:Topic").URN}, policy.Dependencies)
	assert.Equal(t, map[string]any{"topic": arn}, graph.Exports)
}

func TestAPreviewDoesNotKnowWhatAResourceProduces(t *testing.T) {
	t.Parallel()
	policy := Run(t, served, Preview()).One(t, "aws:sns/topicPolicy:TopicPolicy")
	assert.Equal(t, map[string]any{"arn": Unknown, "policy": refusing}, policy.Inputs)
}

func TestAProviderReportsWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	policy := Run(t, served, Reports("aws:sns/topic:Topic", "arn", "another")).One(t, "aws:sns/topicPolicy:TopicPolicy")
	assert.Equal(t, "another", policy.Inputs["arn"])
}

func TestURNsAreThoseOfTheStack(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "urn:pulumi:prod::sagehost::sagehost:test:Component$aws:sns/topic:Topic::ops",
		Run(t, served, Stack("prod")).One(t, "aws:sns/topic:Topic").URN)
}

package batch

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
)

// maxStartRetries is how often EventBridge tries to start a run again at most, which is also its default (API
// reference, RetryPolicy).
const maxStartRetries = 185

func (a *Args) newRule(
	ctx *pulumi.Context, name string, machine *sfn.StateMachine, here account.Account, parent pulumi.ResourceOption,
) error {
	trusted := trust("events", here, here.ARN("events", "rule/"+a.Name))
	role, err := a.starter(ctx, name, machine, trusted, parent)
	if err != nil {
		return fmt.Errorf("role of the rule: %w", err)
	}
	rule, err := cloudwatch.NewEventRule(ctx, name, &cloudwatch.EventRuleArgs{
		Name:         pulumi.String(a.Name),
		Description:  pulumi.String("Starts the batch transform " + a.Name + " for each file that arrives"),
		EventPattern: a.pattern(),
		State:        pulumi.String(a.state()),
		Tags:         a.Tags,
	}, parent)
	if err != nil {
		return fmt.Errorf("rule: %w", err)
	}
	_, err = cloudwatch.NewEventTarget(ctx, name, &cloudwatch.EventTargetArgs{
		Rule: rule.Name, Arn: machine.Arn, RoleArn: role,
		RetryPolicy: cloudwatch.EventTargetRetryPolicyArgs{
			// The provider takes what is left out for 0.
			MaximumEventAgeInSeconds: pulumi.Int(lateStart), MaximumRetryAttempts: pulumi.Int(maxStartRetries),
		},
		InputTransformer: cloudwatch.EventTargetInputTransformerArgs{
			InputPaths: pulumi.StringMap{
				"bucket": pulumi.String("$.detail.bucket.name"), "key": pulumi.String("$.detail.object.key"),
			},
			// Without quotes: EventBridge writes the values as JSON.
			InputTemplate: pulumi.String(`{"input": {"bucket": <bucket>, "key": <key>}}`),
		},
	}, parent)
	if err != nil {
		return fmt.Errorf("target of the rule: %w", err)
	}
	return nil
}

// pattern matches the events of files that arrive in the input. Empty objects are what consoles show as folders.
func (a *Args) pattern() pulumi.StringOutput {
	bucket, input := a.input()
	var keys any = object{"prefix": input}
	switch {
	case a.readsObject():
		keys = input
	case a.ArrivalSuffix != "":
		keys = object{"wildcard": input + "*" + a.ArrivalSuffix}
	}
	return bucket.ToStringOutput().ApplyT(func(name string) (string, error) {
		pattern, err := json.Marshal(object{
			"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"},
			"detail": object{
				"bucket": object{"name": []string{name}},
				"object": object{"key": []any{keys}, "size": []object{{"numeric": []any{">", 0}}}},
			},
		})
		// Go escapes what HTML gives a meaning to.
		return strings.ReplaceAll(string(pattern), `\u003e`, ">"), err
	}).(pulumi.StringOutput)
}

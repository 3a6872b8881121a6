package endpoint

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newFleets notes in the state which instances each variant is on. SageMaker refuses to take a variant away, or to put
// it on other instances, as long as it is a scalable target. A target comes after its endpoint and would go after it,
// too; but what depends on something that is deleted before it is replaced goes first. So the note is replaced when the
// fleets change, the endpoint waits for it, and the endpoint's name, of which targets are made, is got from it.
// Only once the new configuration exists, lest a configuration that is refused leaves the endpoint without scaling.
func (e *Endpoint) newFleets(
	ctx *pulumi.Context, name string, args *Args, config *sagemaker.EndpointConfiguration,
) (*pulumi.Stash, error) {
	fleets := pulumi.StringMap{}
	for i := range args.Variants {
		v := &args.Variants[i]
		fleets[v.Name] = pulumi.String(v.InstanceType)
		if v.Serverless != nil {
			fleets[v.Name] = pulumi.String("serverless")
		}
	}
	noted, err := pulumi.NewStash(ctx, name, &pulumi.StashArgs{Input: fleets}, pulumi.Parent(e), pulumi.Protect(false),
		pulumi.ReplaceOnChanges([]string{"input"}), pulumi.DeleteBeforeReplace(true),
		pulumi.DependsOn([]pulumi.Resource{config}))
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: fleets: %w", name, err)
	}
	return noted, nil
}

// scalable is the name of an endpoint, for scalable targets that have to go before its fleets change.
func scalable(child *sagemaker.Endpoint, noted *pulumi.Stash) pulumi.StringOutput {
	return pulumi.All(child.Name, noted.Input).ApplyT(func(all []any) string {
		return all[0].(string)
	}).(pulumi.StringOutput)
}

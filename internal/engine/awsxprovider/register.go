package awsxprovider

import (
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/internal/engine/awsprovider"
)

// register registers a resource of aws:ec2 and, where an output lists resources of its kind, adds it there.
func (v *vpc) register(kind, output, name string, inputs pulumi.Map, parent pulumi.Resource) (*child, error) {
	c := &child{}
	typ := "aws:ec2/" + kind + ":" + strings.ToUpper(kind[:1]) + kind[1:]
	// The version makes children share the provider of the stack's other resources.
	if err := v.ctx.RegisterResource(typ, name, inputs, c,
		pulumi.Parent(parent), pulumi.Version(awsprovider.Version)); err != nil {
		return nil, err
	}
	if output != "" {
		v.resources[output] = append(v.resources[output], pulumi.NewResourceInput(c))
	}
	return c, nil
}

// tags are the component's tags under those of one resource.
func (v *vpc) tags(own pulumi.StringMap) pulumi.StringMapInput {
	if v.args.Tags == nil {
		return own
	}
	return pulumi.All(v.args.Tags, own).ApplyT(func(both []any) map[string]string {
		all := maps.Clone(both[0].(map[string]string))
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, both[1].(map[string]string))
		return all
	}).(pulumi.StringMapOutput)
}

// outputs are what the SDK of awsx reads. Lists without elements are empty, never absent.
func (v *vpc) outputs() pulumi.Map {
	outputs := pulumi.Map{
		"vpc": pulumi.NewResourceInput(v.vpc), "internetGateway": pulumi.NewResourceInput(v.internetGateway),
		"vpcId": v.vpc.ID().ToStringOutput(), "vpcEndpoints": pulumi.ResourceArray{},
	}
	specs := make(pulumi.Array, len(v.args.SubnetSpecs))
	for i, spec := range v.args.SubnetSpecs {
		specs[i] = pulumi.Map{"name": pulumi.String(spec.Name), "type": pulumi.String(string(spec.Type))}
	}
	outputs["subnetLayout"] = specs
	for _, list := range []string{
		"eips", "natGateways", "routes", "routeTableAssociations", "routeTables", "subnets",
	} {
		outputs[list] = pulumi.ResourceArray(v.resources[list])
	}
	for typ, name := range map[subnetType]string{
		public: "publicSubnetIds", private: "privateSubnetIds", isolated: "isolatedSubnetIds",
	} {
		ids := v.subnetIDs[typ]
		if ids == nil {
			ids = pulumi.StringArray{}
		}
		outputs[name] = ids
	}
	return outputs
}

package harness

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// What a VPC of awsx produces, and what of it is a resource. The plugin registers these, not the program: they are no
// part of the graph.
const (
	vpcType        = "awsx:ec2:Vpc"
	pluginType     = Project + ":harness:Awsx"
	routeTableType = "aws:ec2/routeTable:RouteTable"
)

// routeTables are those of a VPC, each with the type of the subnet that it is for.
var routeTables = map[string]string{"models-1": "Isolated", "public-1": "Public"}

// registerVPC registers what the plugin of awsx does for a VPC, so that the SDK finds it.
func registerVPC(ctx *pulumi.Context) error {
	plugin := &struct{ pulumi.ResourceState }{}
	if err := ctx.RegisterComponentResource(pluginType, "awsx", plugin); err != nil {
		return err
	}
	for name, subnet := range routeTables {
		table := &struct{ pulumi.CustomResourceState }{}
		inputs := pulumi.Map{"tags": pulumi.StringMap{"SubnetType": pulumi.String(subnet)}}
		if err := ctx.RegisterResource(routeTableType, name, inputs, table, pulumi.Parent(plugin)); err != nil {
			return err
		}
		// It must be there before anybody looks it up.
		if _, err := internals.UnsafeAwaitOutput(ctx.Context(), table.URN()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// vpcOutputs are what the plugin answers for a VPC in a stack.
func vpcOutputs(stack string) resource.PropertyMap {
	var tables []any
	for _, name := range slices.Sorted(maps.Keys(routeTables)) {
		urn := "urn:pulumi:" + stack + "::" + Project + "::" + pluginType + "$" + routeTableType + "::" + name
		tables = append(tables, resource.NewProperty(resource.ResourceReference{
			URN: resource.URN(urn), ID: resource.NewProperty(name + "-routetable-id"),
		}))
	}
	return resource.NewPropertyMapFromMap(map[string]any{
		"vpcId":             "vpc-1",
		"isolatedSubnetIds": []any{"isolated-1", "isolated-2"},
		"privateSubnetIds":  []any{"private-1", "private-2"},
		"routeTables":       tables,
	})
}

// ofPlugin reports whether a resource is the plugin's, not the program's.
func ofPlugin(r Resource) bool { return r.Type == pluginType || r.Type == routeTableType }

package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// securityGroups say who talks to whom.
type securityGroups struct {
	models *ec2.SecurityGroup
	// endpoints is nil in a network without interface endpoints.
	endpoints *ec2.SecurityGroup
}

// newSecurityGroups creates the groups without rules: a group that is created without any lets nothing in or out.
func newSecurityGroups(
	ctx *pulumi.Context, name string, args *Args, v vpcOutputs, parent pulumi.ResourceOption,
) (securityGroups, error) {
	groups := securityGroups{}
	for _, row := range []struct {
		name, description string
		group             **ec2.SecurityGroup
		wanted            bool
	}{
		{"models", "Models of " + name, &groups.models, true},
		{"endpoints", "VPC endpoints of " + name, &groups.endpoints, len(args.reached()) > 0},
	} {
		if !row.wanted {
			continue
		}
		group, err := ec2.NewSecurityGroup(ctx, name+"-"+row.name, &ec2.SecurityGroupArgs{
			VpcId:       v.id,
			Description: pulumi.String(row.description),
			Tags:        named(args.Tags, name+"-"+row.name),
		}, parent)
		if err != nil {
			return groups, fmt.Errorf("security group of %s: %w", row.name, err)
		}
		*row.group = group
	}
	return groups, nil
}

package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	https       = 443
	tcp         = "tcp"
	allTraffic  = "-1"
	theInternet = "0.0.0.0/0"
)

// rule lets traffic into a security group, or out of it. It names one other side.
type rule struct {
	name   string
	of     *ec2.SecurityGroup
	inward bool
	// everything is all protocols and ports; otherwise it is HTTPS.
	everything bool

	group      *ec2.SecurityGroup
	prefixList pulumi.StringInput
	block      string
}

// rulesOf are all that may pass. Names are resolved by the VPC's own server, which security groups do not stop.
func rulesOf(args *Args, groups securityGroups, s3PrefixList pulumi.StringInput) []rule {
	models, endpoints := groups.models, groups.endpoints
	rules := []rule{{name: "models-to-s3", of: models, prefixList: s3PrefixList}}
	if endpoints != nil {
		rules = append(rules,
			rule{name: "models-to-endpoints", of: models, group: endpoints},
			rule{name: "endpoints-from-models", of: endpoints, inward: true, group: models},
		)
	}
	if args.nat() != NATNone {
		rules = append(rules, rule{name: "models-to-internet", of: models, block: theInternet})
	}
	if args.BatchJobs {
		rules = append(rules,
			rule{name: "models-to-models", of: models, group: models, everything: true},
			rule{name: "models-from-models", of: models, inward: true, group: models, everything: true},
		)
	}
	return rules
}

// newRules creates the rules and returns their IDs.
func newRules(
	ctx *pulumi.Context, name string, args *Args, groups securityGroups, s3PrefixList pulumi.StringInput,
	parent pulumi.ResourceOption,
) ([]pulumi.IDOutput, error) {
	var ids []pulumi.IDOutput
	for _, r := range rulesOf(args, groups, s3PrefixList) {
		id, err := r.create(ctx, name+"-"+r.name, args.Tags, parent)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.name, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (r rule) create(
	ctx *pulumi.Context, name string, tags pulumi.StringMapInput, parent pulumi.ResourceOption,
) (pulumi.IDOutput, error) {
	egress := &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: r.of.ID(), IpProtocol: pulumi.String(tcp), Tags: named(tags, name),
	}
	if r.everything {
		egress.IpProtocol = pulumi.String(allTraffic)
	} else {
		egress.FromPort, egress.ToPort = pulumi.Int(https), pulumi.Int(https)
	}
	switch {
	case r.group != nil:
		egress.ReferencedSecurityGroupId = r.group.ID()
	case r.prefixList != nil:
		egress.PrefixListId = r.prefixList.ToStringOutput()
	default:
		egress.CidrIpv4 = pulumi.String(r.block)
	}
	if !r.inward {
		created, err := vpc.NewSecurityGroupEgressRule(ctx, name, egress, parent)
		if err != nil {
			return pulumi.IDOutput{}, err
		}
		return created.ID(), nil
	}
	ingress := vpc.SecurityGroupIngressRuleArgs(*egress)
	created, err := vpc.NewSecurityGroupIngressRule(ctx, name, &ingress, parent)
	if err != nil {
		return pulumi.IDOutput{}, err
	}
	return created.ID(), nil
}

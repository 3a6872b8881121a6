package harness

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// declaring is a program of one resource under a component. It does without the SDK's packages for EC2, which take long
// to compile.
func declaring(typ string, inputs pulumi.Map) pulumi.RunFunc {
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		return ctx.RegisterResource(typ, "net", inputs, &struct{ pulumi.CustomResourceState }{}, parent)
	})
}

// aVPC is a program of a VPC, with its default security group closed or not.
func aVPC(nat, subnets string, closed bool) pulumi.RunFunc {
	return inComponent(func(ctx *pulumi.Context, parent pulumi.ResourceOption) error {
		vpc := &struct{ pulumi.ResourceState }{}
		err := ctx.RegisterComponentResourceV2(vpcType, "net", pulumi.Map{
			"natGateways": pulumi.StringMap{"strategy": pulumi.String(nat)},
			"subnetSpecs": pulumi.Array{pulumi.StringMap{"type": pulumi.String(subnets)}},
			"tags":        tags,
		}, vpc, parent)
		if err != nil || !closed {
			return err
		}
		return ctx.RegisterResource(defaultGroupType, "net", pulumi.Map{"tags": tags},
			&struct{ pulumi.CustomResourceState }{}, parent)
	})
}

// refusing is a policy that lets nothing pass in plain HTTP.
const refusing = `{"Statement": [{
	"Effect": "Deny", "Action": ["s3:*", "sns:Subscribe"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}
}]}`

// aQueuePolicy is a program of a policy that denies an action where the transport is secure or not.
func aQueuePolicy(action, secure string) pulumi.RunFunc {
	return declaring("aws:sqs/queuePolicy:QueuePolicy", pulumi.Map{"policy": pulumi.JSONMarshal(pulumi.Map{
		"Statement": pulumi.Array{pulumi.Map{
			"Effect": pulumi.String("Deny"), "Action": pulumi.ToStringArray([]string{action}),
			"Condition": pulumi.Map{"Bool": pulumi.StringMap{"aws:SecureTransport": pulumi.String(secure)}},
		}},
	})})
}

func TestANetworkIsUnsafeWithoutAnyOfItsProperties(t *testing.T) {
	t.Parallel()
	const vpc = under + vpcType + "::net: "
	rule := func(property, block string) pulumi.RunFunc {
		return declaring(ingressRuleType, pulumi.Map{property: pulumi.String(block), "tags": tags})
	}
	for _, test := range []struct {
		name    string
		program pulumi.RunFunc
		want    []string
	}{
		{"a closed VPC", aVPC("None", "Isolated", true), nil},
		{"a VPC with gateways", aVPC("Single", "Public", true), nil},
		{
			"public subnets for nothing", aVPC("None", "Public", true),
			[]string{vpc + "has public subnets without NAT gateways"},
		},
		{"an open default group", aVPC("None", "Isolated", false), []string{vpc + "has 0 " + defaultGroupType}},
		{"a rule for a range", rule("cidrIpv4", "10.0.0.0/16"), nil},
		{
			"a rule for everybody", rule("cidrIpv4", "0.0.0.0/0"),
			[]string{under + ingressRuleType + "::net: lets everybody in: 0.0.0.0/0"},
		},
		{
			"a rule for everybody's other addresses", rule("cidrIpv6", "::/0"),
			[]string{under + ingressRuleType + "::net: lets everybody in: ::/0"},
		},
		{
			"a rule without tags", declaring(ingressRuleType, pulumi.Map{"cidrIpv4": pulumi.String("10.0.0.0/16")}),
			[]string{under + ingressRuleType + "::net: has no tags"},
		},
		{
			"rules inside of a group", declaring(groupType, pulumi.Map{"egress": pulumi.Array{}, "tags": tags}),
			[]string{under + groupType + "::net: has egress rules inside"},
		},
		{
			"a record of the refused alone",
			declaring("aws:ec2/flowLog:FlowLog", pulumi.Map{"trafficType": pulumi.String("REJECT"), "tags": tags}),
			[]string{under + "aws:ec2/flowLog:FlowLog::net: leaves traffic out"},
		},
		{
			"an endpoint that leads everywhere", declaring("aws:ec2/vpcEndpoint:VpcEndpoint", pulumi.Map{"tags": tags}),
			[]string{under + "aws:ec2/vpcEndpoint:VpcEndpoint::net: has no policy"},
		},
		{"a queue that refuses plain HTTP", aQueuePolicy("sqs:*", "false"), nil},
		{
			"a queue that refuses to be sent to in plain HTTP alone", aQueuePolicy("sqs:SendMessage", "false"),
			[]string{under + "aws:sqs/queuePolicy:QueuePolicy::net: lets requests in plain HTTP pass"},
		},
		{
			"a queue that takes plain HTTP", aQueuePolicy("sqs:*", "true"),
			[]string{under + "aws:sqs/queuePolicy:QueuePolicy::net: lets requests in plain HTTP pass"},
		},
		{
			"logs without end", declaring("aws:cloudwatch/logGroup:LogGroup", pulumi.Map{"tags": tags}),
			[]string{under + "aws:cloudwatch/logGroup:LogGroup::net: keeps logs without end"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph, err := record(test.program, nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, Violations(graph))
		})
	}
}

func TestEverythingThatCanHaveTagsHasThem(t *testing.T) {
	t.Parallel()
	for _, typ := range []string{
		defaultGroupType, groupType, ingressRuleType,
		"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:scheduler/scheduleGroup:ScheduleGroup",
	} {
		graph, err := record(declaring(typ, pulumi.Map{}), nil)
		require.NoError(t, err)
		assert.Equal(t, []string{under + typ + "::net: has no tags"}, Violations(graph))
	}
}

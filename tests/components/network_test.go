package components_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/network"
	"sagehost/tests/harness"
)

const (
	vpcType           = "awsx:ec2:Vpc"
	defaultGroupType  = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	securityGroupType = "aws:ec2/securityGroup:SecurityGroup"
	vpcEndpointType   = "aws:ec2/vpcEndpoint:VpcEndpoint"
	egressType        = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	ingressType       = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	flowLogType       = "aws:ec2/flowLog:FlowLog"
	logGroupType      = "aws:cloudwatch/logGroup:LogGroup"
	roleTypeToken     = "aws:iam/role:Role"
	rolePolicyToken   = "aws:iam/rolePolicy:RolePolicy"
	subnetLookup      = "aws:ec2/getSubnet:getSubnet"
	groupLookup       = "aws:ec2/getSecurityGroup:getSecurityGroup"
)

// recordNetwork is the graph of a program with a network in it.
func recordNetwork(
	t *testing.T, args *network.Args, use func(*pulumi.Context, *network.Network) error, options ...harness.Option,
) *harness.Graph {
	t.Helper()
	options = append(options, harness.Reports(vpcEndpointType, "prefixListId", "pl-s3"))
	return harness.Run(t, func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "net", args)
		if err != nil || use == nil {
			return err
		}
		return use(ctx, n)
	}, options...)
}

// labelled are the tags of what is known by an ID alone, as an input.
func labelled(name string) string { return `"tags": {"team": "vision", "Name": "` + name + `"}` }

// pullLayers lets images be pulled.
const pullLayers = `{
	"Sid": "PullLayers", "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"],
	"Resource": ["arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*"]
}`

// policyOf is a policy of statements, as the text that a resource is given.
func policyOf(statements ...string) string {
	text := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}`
	return `"policy": ` + text
}

func gatewayEndpoint(more ...string) declaration {
	return declaration{vpcEndpointType + " net-s3": `{
		"vpcId": "vpc-1", "serviceName": "com.amazonaws.cn-north-1.s3", "vpcEndpointType": "Gateway",
		"routeTableIds": ["models-1-routetable-id"], ` + policyOf(append([]string{pullLayers}, more...)...) + `,
		` + labelled("net-s3") + `
	}`}
}

func interfaceEndpoint(name, service string, subnets string) declaration {
	prefix, _, _ := strings.Cut(name, ".")
	own := `{
		"Sid": "ThisAccount", "Effect": "Allow", "Principal": "*", "Action": ["` + prefix + `:*"], "Resource": ["*"],
		"Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
	}`
	return declaration{vpcEndpointType + " net-" + name: `{
		"vpcId": "vpc-1", "serviceName": "` + service + `", "vpcEndpointType": "Interface", "privateDnsEnabled": true,
		` + policyOf(own) + `,
		"subnetIds": ` + subnets + `, "securityGroupIds": ["net-endpoints-securitygroup-id"], ` + labelled("net-"+name) + `
	}`}
}

func securityGroup(name, description string) declaration {
	return declaration{securityGroupType + " net-" + name: `{
		"vpcId": "vpc-1", "description": "` + description + `", ` + labelled("net-"+name) + `
	}`}
}

// ruleTo is a rule of the group of models or endpoints; the traffic is HTTPS or everything.
func ruleTo(typ, name, group, other string, everything bool) declaration {
	traffic := `"ipProtocol": "tcp", "fromPort": 443, "toPort": 443`
	if everything {
		traffic = `"ipProtocol": "-1"`
	}
	return declaration{typ + " net-" + name: `{
		"securityGroupId": "net-` + group + `-securitygroup-id", ` + other + `, ` + traffic + `, ` + labelled("net-"+name) + `
	}`}
}

func groupOf(name string) string {
	return `"referencedSecurityGroupId": "net-` + name + `-securitygroup-id"`
}

func merged(parts ...declaration) declaration {
	all := declaration{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

func TestANetworkLeadsNowhereButToAWS(t *testing.T) {
	t.Parallel()
	graph := recordNetwork(t, &network.Args{Tags: tags}, nil)
	const subnets = `["isolated-1", "isolated-2"]`
	requireDeclares(t, graph, merged(
		declaration{
			network.Type + " net": `{"cidrBlock": "10.0.0.0/16"}`,
			vpcType + " net": `{
				"cidrBlock": "10.0.0.0/16", "numberOfAvailabilityZones": 2, "availabilityZoneCidrMask": 18,
				"subnetStrategy": "Auto", "subnetSpecs": [{"name": "models", "type": "Isolated", "cidrMask": 19}],
				"natGateways": {"strategy": "None"}, "enableDnsHostnames": true, "enableDnsSupport": true, ` + wantTags + `
			}`,
			defaultGroupType + " net": `{"vpcId": "vpc-1", ` + labelled("net-default") + `}`,
		},
		securityGroup("models", "Models of net"),
		securityGroup("endpoints", "VPC endpoints of net"),
		gatewayEndpoint(),
		interfaceEndpoint("ecr.api", "cn.com.amazonaws.cn-north-1.ecr.api", subnets),
		interfaceEndpoint("ecr.dkr", "cn.com.amazonaws.cn-north-1.ecr.dkr", subnets),
		interfaceEndpoint("logs", "com.amazonaws.cn-north-1.logs", subnets),
		interfaceEndpoint("sagemaker.api", "cn.com.amazonaws.cn-north-1.sagemaker.api", subnets),
		interfaceEndpoint("sagemaker.runtime", "cn.com.amazonaws.cn-north-1.sagemaker.runtime", subnets),
		interfaceEndpoint("sts", "cn.com.amazonaws.cn-north-1.sts", subnets),
		ruleTo(egressType, "models-to-s3", "models", `"prefixListId": "pl-s3"`, false),
		ruleTo(egressType, "models-to-endpoints", "models", groupOf("endpoints"), false),
		ruleTo(ingressType, "endpoints-from-models", "endpoints", groupOf("models"), false),
	))
}

// Whatever runs in the network reaches these objects, and those of no other account.
func TestTheWayToAmazonS3LeadsToTheModelsBucketsAlone(t *testing.T) {
	t.Parallel()
	buckets := []pulumi.StringInput{pulumi.String("own"), pulumi.String("training")}
	const (
		find = `{
			"Sid": "FindObjects", "Effect": "Allow", "Principal": "*", "Action": ["s3:ListBucket"],
			"Resource": ["arn:aws-cn:s3:::own", "arn:aws-cn:s3:::training"]
		}`
		use = `{
			"Sid": "UseObjects", "Effect": "Allow", "Principal": "*",
			"Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
			"Resource": ["arn:aws-cn:s3:::own/*", "arn:aws-cn:s3:::training/*"]
		}`
		published = `{
			"Sid": "ReadPackages", "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": ["*"]
		}`
	)
	for want, args := range map[string]*network.Args{
		find + "," + use: {Tags: tags, Buckets: buckets},
		published:        {Tags: tags, PublishedPackages: true},
	} {
		graph := recordNetwork(t, args, nil)
		assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+pullLayers+`, `+want+`]}`,
			graph.Named(t, vpcEndpointType, "net-s3").Inputs["policy"].(string))
	}
}

func TestANetworkIsPlannedBeforeAnyOfItIsThere(t *testing.T) {
	t.Parallel()
	graph := recordNetwork(t, &network.Args{Tags: tags}, nil, harness.Preview())
	assert.Equal(t, map[string]int{
		network.Type: 1, vpcType: 1, defaultGroupType: 1, securityGroupType: 2, vpcEndpointType: 7, egressType: 2,
		ingressType: 1,
	}, graph.Counts())
	assert.Equal(t, harness.Unknown, graph.Named(t, vpcEndpointType, "net-s3").Inputs["routeTableIds"])
	assert.Equal(t, harness.Unknown, graph.Named(t, vpcEndpointType, "net-sts").Inputs["subnetIds"])
}

func TestNATGatewaysOpenTheInternetToModels(t *testing.T) {
	t.Parallel()
	for nat, strategy := range map[string]string{network.NATSingle: "Single", network.NATOnePerAZ: "OnePerAz"} {
		graph := recordNetwork(t, &network.Args{Tags: tags, Spec: network.Spec{
			CIDRBlock: "192.168.0.0/24", AvailabilityZones: new(3), NATGateways: nat, Endpoints: []string{"kms"},
		}}, nil)
		requireDeclares(t, graph, merged(
			declaration{
				network.Type + " net": `{"cidrBlock": "192.168.0.0/24"}`,
				vpcType + " net": `{
					"cidrBlock": "192.168.0.0/24", "numberOfAvailabilityZones": 3, "availabilityZoneCidrMask": 26,
					"subnetStrategy": "Auto", "subnetSpecs": [
						{"name": "models", "type": "Private", "cidrMask": 27}, {"type": "Public", "cidrMask": 28}
					],
					"natGateways": {"strategy": "` + strategy + `"},
					"enableDnsHostnames": true, "enableDnsSupport": true, ` + wantTags + `
				}`,
				defaultGroupType + " net": `{"vpcId": "vpc-1", ` + labelled("net-default") + `}`,
			},
			securityGroup("models", "Models of net"),
			securityGroup("endpoints", "VPC endpoints of net"),
			gatewayEndpoint(),
			interfaceEndpoint("kms", "com.amazonaws.cn-north-1.kms", `["private-1", "private-2"]`),
			ruleTo(egressType, "models-to-s3", "models", `"prefixListId": "pl-s3"`, false),
			ruleTo(egressType, "models-to-endpoints", "models", groupOf("endpoints"), false),
			ruleTo(egressType, "models-to-internet", "models", `"cidrIpv4": "0.0.0.0/0"`, false),
			ruleTo(ingressType, "endpoints-from-models", "endpoints", groupOf("models"), false),
		))
	}
}

func TestModelsOfBatchJobsTalkToEachOther(t *testing.T) {
	t.Parallel()
	args := &network.Args{Tags: tags, BatchJobs: true, Spec: network.Spec{Endpoints: []string{}}}
	graph := recordNetwork(t, args, nil)
	graph.Resources = slices.DeleteFunc(graph.Resources, func(r harness.Resource) bool {
		return !strings.HasPrefix(r.Type, "aws:vpc/") && r.Type != securityGroupType
	})
	requireDeclares(t, graph, merged(
		securityGroup("models", "Models of net"),
		ruleTo(egressType, "models-to-s3", "models", `"prefixListId": "pl-s3"`, false),
		ruleTo(egressType, "models-to-models", "models", groupOf("models"), true),
		ruleTo(ingressType, "models-from-models", "models", groupOf("models"), true),
	))
}

func TestASubnetIsKnownOnceModelsInItReachEverything(t *testing.T) {
	t.Parallel()
	graph := recordNetwork(t, &network.Args{Tags: tags}, func(ctx *pulumi.Context, n *network.Network) error {
		user := &struct{ pulumi.ResourceState }{}
		return ctx.RegisterComponentResourceV2("sagehost:test:User", "user", pulumi.Map{
			"subnets": n.SubnetIDs, "groups": n.SecurityGroupIDs, "vpc": n.VPCID,
		}, user)
	})
	user := graph.One(t, "sagehost:test:User")
	assert.Equal(t, map[string]any{
		"subnets": []any{"isolated-1", "isolated-2"}, "groups": []any{"net-models-securitygroup-id"}, "vpc": "vpc-1",
	}, user.Inputs)
	for _, typ := range []string{vpcEndpointType, egressType, ingressType} {
		all := graph.All(typ)
		require.NotEmpty(t, all, typ)
		for _, r := range all {
			assert.Contains(t, user.Dependencies, r.URN)
		}
	}
}

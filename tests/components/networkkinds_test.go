package components_test

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/logs"
	"sagehost/components/network"
	"sagehost/tests/harness"
)

func TestFlowLogsAreEncryptedAndWrittenByNobodyElse(t *testing.T) {
	t.Parallel()
	graph := recordNetwork(t, &network.Args{
		Tags: tags, Spec: network.Spec{FlowLogs: &network.FlowLogs{RetentionDays: new(90)}},
	}, nil)
	const (
		group = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/vpc/net-flow-logs"
		arn   = "arn:aws-cn:test:cn-north-1:123456789012:"
	)
	graph.Resources = slices.DeleteFunc(graph.Resources, func(r harness.Resource) bool {
		return r.Name != "net-flow-logs"
	})
	requireDeclares(t, graph, declaration{
		keyType + " net-flow-logs": `{
			"description": "Encrypts the log group /vpc/net-flow-logs", "enableKeyRotation": true,
			"deletionWindowInDays": 30, ` + wantTags + `,
			"policy": {"Version": "2012-10-17", "Statement": [{
				"Sid": "AccountAdministers", "Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"],
				"Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"}
			}, {
				"Sid": "LogsEncrypt", "Effect": "Allow", "Resource": ["*"],
				"Action": ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
				"Principal": {"Service": "logs.cn-north-1.amazonaws.com.cn"},
				"Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": "` + group + `"}}
			}]}
		}`,
		logGroupType + " net-flow-logs": `{
			"name": "/vpc/net-flow-logs", "retentionInDays": 90, "kmsKeyId": "` + arn + `net-flow-logs-key", ` + wantTags + `
		}`,
		roleTypeToken + " net-flow-logs": `{
			"description": "Writes the log group /vpc/net-flow-logs", ` + wantTags + `,
			"assumeRolePolicy": {"Version": "2012-10-17", "Statement": [{
				"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
				"Condition": {
					"StringEquals": {"aws:SourceAccount": "123456789012"},
					"ArnLike": {"aws:SourceArn": "arn:aws-cn:ec2:cn-north-1:123456789012:vpc-flow-log/*"}
				}
			}]}
		}`,
		rolePolicyToken + " net-flow-logs": `{
			"role": "net-flow-logs-role",
			"policy": {"Version": "2012-10-17", "Statement": [{
				"Sid": "WriteFlowLogs", "Effect": "Allow",
				"Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
				"Resource": ["` + arn + `net-flow-logs-loggroup", "` + arn + `net-flow-logs-loggroup:*"]
			}, {
				"Sid": "FindLogGroup", "Effect": "Allow", "Action": ["logs:DescribeLogGroups"],
				"Resource": ["arn:aws-cn:logs:cn-north-1:123456789012:log-group:*"]
			}]}
		}`,
		flowLogType + " net-flow-logs": `{
			"vpcId": "vpc-1", "trafficType": "ALL", "logDestination": "` + arn + `net-flow-logs-loggroup",
			"iamRoleArn": "` + arn + `net-flow-logs-role", ` + labelled("net-flow-logs") + `
		}`,
	})
}

func TestFlowLogsAreKeptAsOtherLogsAreWhereNothingElseIsSaid(t *testing.T) {
	t.Parallel()
	graph := recordNetwork(t, &network.Args{
		Tags: tags, Spec: network.Spec{FlowLogs: &network.FlowLogs{}},
		Logs: logs.Spec{RetentionDays: new(7)}, LogsKMSKeyARN: pulumi.String(stackKey),
	}, nil)
	group := graph.One(t, logGroupType)
	assert.InDelta(t, 7, group.Inputs["retentionInDays"], 0)
	assert.Equal(t, stackKey, group.Inputs["kmsKeyId"])
	assert.Empty(t, graph.All(keyType))
}

// Three subnets and a security group that are there already.
const (
	subnetA, subnetB, subnetC = "subnet-0000000a", "subnet-0000000b", "subnet-0000000c"
	groupA                    = "sg-0000000a"
)

func adopted(subnets ...string) *network.Args {
	return &network.Args{Spec: network.Spec{SubnetIDs: subnets, SecurityGroupIDs: []string{groupA}}}
}

var existing = []harness.Option{
	harness.Answers(subnetLookup, map[string]map[string]any{
		subnetA: {"vpcId": "vpc-1", "availabilityZone": "cn-north-1a"},
		subnetB: {"vpcId": "vpc-1", "availabilityZone": "cn-north-1b"},
		subnetC: {"vpcId": "vpc-1", "availabilityZone": "cn-north-1a"},
	}),
	harness.Answers(groupLookup, map[string]map[string]any{groupA: {"vpcId": "vpc-1"}}),
}

func TestANetworkThatIsThereIsOnlyLookedAt(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "net", adopted(subnetA, subnetB))
		if err != nil {
			return err
		}
		ctx.Export("network", pulumi.Map{"vpc": n.VPCID, "subnets": n.SubnetIDs, "groups": n.SecurityGroupIDs})
		return nil
	}, existing...)
	requireDeclares(t, graph, declaration{
		network.Type + " net": `{"subnetIds": ["` + subnetA + `", "` + subnetB + `"]}`,
	})
	assert.Equal(t, map[string]any{"network": map[string]any{
		"vpc": "vpc-1", "subnets": []string{subnetA, subnetB}, "groups": []string{groupA},
	}}, graph.Exports)
}

func TestANetworkThatSageMakerWouldRefuseIsNotAdopted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		subnets []string
		groupIn string
		want    string
	}{
		{
			[]string{subnetA, subnetC},
			"vpc-1",
			"all subnets are in cn-north-1a; SageMaker wants two availability zones at least",
		},
		{
			[]string{subnetA, subnetB},
			"vpc-2",
			"subnet subnet-0000000a is in vpc-1, but security group sg-0000000a is in vpc-2",
		},
	} {
		options := append(slices.Clone(existing),
			harness.Answers(groupLookup, map[string]map[string]any{groupA: {"vpcId": test.groupIn}}))
		err := harness.RunError(t, func(ctx *pulumi.Context) error {
			n, err := network.New(ctx, "net", adopted(test.subnets...))
			if err != nil {
				return err
			}
			ctx.Export("subnets", n.SubnetIDs)
			return nil
		}, options...)
		assert.ErrorContains(t, err, test.want)
	}
}

func TestANetworkThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, func(ctx *pulumi.Context) error {
		_, err := network.New(ctx, "net", &network.Args{Spec: network.Spec{
			CIDRBlock: "10.0.0.0/8", AvailabilityZones: new(1), Endpoints: []string{"s3"},
		}})
		return err
	}, `network "net": availabilityZones: 1 is not between 2 and 3`, "cidrBlock: /8 is not between /16 and /24",
		`endpoints[0]: "s3" is not one of ec2, ecr.api, ecr.dkr, kms, logs, monitoring, sagemaker.api, `+
			`sagemaker.runtime, secretsmanager, sts`)
}

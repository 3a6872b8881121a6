package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProdsModelsRunInANetworkWithoutAWayOut(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	vpc := graph.One(t, "awsx:ec2:Vpc").Inputs
	assert.InDelta(t, 2, vpc["numberOfAvailabilityZones"], 0)
	assert.Equal(t, map[string]any{"strategy": "None"}, vpc["natGateways"])
	for _, subnet := range objects(t, vpc["subnetSpecs"]) {
		assert.Equal(t, "Isolated", subnet["type"])
	}
	models := graph.All(modelType)
	require.Len(t, models, 4)
	for _, model := range models {
		assert.Equal(t, map[string]any{
			"subnets":          []any{"isolated-1", "isolated-2"},
			"securityGroupIds": []any{"sagehost-prod-models-securitygroup-id"},
		}, model.Inputs["vpcConfig"], model.Name)
	}
	for _, rule := range graph.All("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
		assert.NotContains(t, rule.Inputs, "cidrIpv4", rule.Name)
	}
}

// AWS's Foundational Security Best Practices ask for each of these endpoints in every VPC.
func TestProdReachesEC2AndTheRegistryInsideItsNetwork(t *testing.T) {
	t.Parallel()
	services := map[any]any{}
	for _, endpoint := range run(t, "prod").All(vpcEndpointType) {
		services[endpoint.Inputs["serviceName"]] = endpoint.Inputs["vpcEndpointType"]
	}
	const china = "cn.com.amazonaws.cn-north-1."
	assert.Equal(t, map[any]any{
		"com.amazonaws.cn-north-1.s3": "Gateway", "com.amazonaws.cn-north-1.logs": "Interface",
		china + "ec2": "Interface", china + "ecr.api": "Interface", china + "ecr.dkr": "Interface",
		china + "sagemaker.api": "Interface", china + "sagemaker.runtime": "Interface", china + "sts": "Interface",
	}, services)
}

func TestProdKeepsARecordOfAllConnectionsForAYear(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	assert.Equal(t, "ALL", graph.One(t, "aws:ec2/flowLog:FlowLog").Inputs["trafficType"])
	group := graph.Named(t, logGroupType, "sagehost-prod-flow-logs")
	assert.InDelta(t, 365, group.Inputs["retentionInDays"], 0)
	assert.Equal(t, prodKey, group.Inputs["kmsKeyId"])
}

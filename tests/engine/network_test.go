package engine_test

import (
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/network"
	"sagehost/internal/engine/stackfile"
)

// networkStack is a stack of nothing but a network.
type networkStack struct {
	*world
	file *stackfile.File
}

func newNetworkStack(w *world, name string) networkStack {
	return networkStack{w, w.file(name, "config:\n  aws:region: "+region+"\n")}
}

// become makes the stack's network what the arguments say, and returns the operations and the outputs.
func (s networkStack) become(args *network.Args) (map[string]int, map[string]any, error) {
	return s.openProgram(s.file, func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "net", args)
		if err != nil {
			return err
		}
		ctx.Export("vpc", n.VPCID)
		ctx.Export("subnets", n.SubnetIDs)
		ctx.Export("groups", n.SecurityGroupIDs)
		return nil
	}).Up(s.tb.Context())
}

// TestANetworkLives follows a network from creation over a change to destruction. The steps build on each other.
func TestANetworkLives(t *testing.T) {
	t.Parallel()
	w, recorded := newRecordedWorld(t)
	stack := newNetworkStack(w, "net")
	before := w.parts(t)
	alone := &network.Args{
		Spec: network.Spec{FlowLogs: &network.FlowLogs{}, Endpoints: []string{"logs", "sts"}}, BatchJobs: true,
		Buckets:  []pulumi.StringInput{pulumi.String("sagehost-net-models-1")},
		RolePath: "/sagehost/net/", PermissionsBoundary: boundaryOf("net"),
		Tags: pulumi.StringMap{"sagehost:stack": pulumi.String("net")},
	}
	changes, outputs, err := stack.become(alone)
	require.NoError(t, err, w.out.String())
	require.Equal(t, map[string]int{"create": 27}, changes)
	vpc := outputs["vpc"]
	require.Equal(t, []string{"eu-west-1a 10.0.0.0/19", "eu-west-1b 10.0.64.0/19"}, w.subnets(vpc))
	require.Empty(t, w.defaultRoutes(vpc), "no subnet leads to the internet")
	lifeline := []string{
		"net-endpoints from net-models: tcp 443-443",
		"net-models from net-models: -1 -1--1",
		"net-models to a prefix list: tcp 443-443",
		"net-models to net-endpoints: tcp 443-443",
		"net-models to net-models: -1 -1--1",
	}
	require.Equal(t, lifeline, w.rules(vpc), "the VPC's own group lets nothing pass")
	checkEndpoints(t, w, outputs)
	flowLogs := w.ec2("DescribeFlowLogs")
	require.Len(t, flowLogs, 1)
	require.Equal(t, ec2Item{Resource: vpc.(string), Traffic: "ALL"}, flowLogs[0])

	changes, _, err = stack.become(alone)
	require.NoError(t, err, w.out.String())
	require.Equal(t, map[string]int{"same": 27}, changes, "a second update changes nothing")

	t.Run("NAT gateways are added beside what is there", func(t *testing.T) {
		connected := *alone
		connected.NATGateways = network.NATOnePerAZ
		_, connectedOutputs, err := stack.become(&connected)
		require.NoError(t, err, w.out.String())
		require.Equal(t, outputs, connectedOutputs)
		require.Equal(t, []string{
			"eu-west-1a 10.0.0.0/19", "eu-west-1a 10.0.32.0/28", "eu-west-1b 10.0.64.0/19", "eu-west-1b 10.0.96.0/28",
		}, w.subnets(vpc))
		require.Equal(t, map[string]string{
			"10.0.0.0/19": "nat", "10.0.32.0/28": "igw", "10.0.64.0/19": "nat", "10.0.96.0/28": "igw",
		}, w.defaultRoutes(vpc))
		require.Equal(t, slices.Insert(slices.Clone(lifeline), 2, "net-models to 0.0.0.0/0: tcp 443-443"), w.rules(vpc))
	})
	t.Run("another stack can run its models there", func(t *testing.T) { adopt(t, w, outputs) })

	refreshed, err := w.openProgram(stack.file, nil).Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	require.Equal(t, map[string]int{"same": 42}, refreshed, "a refresh finds no drift")
	require.NoError(t, w.openProgram(stack.file, nil).Destroy(t.Context()), w.out.String())
	require.Equal(t, before, w.parts(t), "what is left after the destruction")
	requireGranted(t, recorded, "net")
}

// checkEndpoints expects a gateway to S3, and the addresses of two services in the subnets for models.
func checkEndpoints(t *testing.T, w *world, outputs map[string]any) {
	t.Helper()
	found := map[string]ec2Item{}
	for _, endpoint := range w.ec2("DescribeVpcEndpoints") {
		found[endpoint.Service] = endpoint
	}
	require.Len(t, found, 3)
	assert.Equal(t, "Gateway", found["com.amazonaws.eu-west-1.s3"].Kind)
	for _, service := range []string{"com.amazonaws.eu-west-1.logs", "com.amazonaws.eu-west-1.sts"} {
		assert.Equal(t, "Interface", found[service].Kind, service)
		assert.True(t, found[service].DNS, service)
		assert.ElementsMatch(t, outputs["subnets"], found[service].Subnets, service)
		assert.Len(t, found[service].Groups, 1, service)
		assert.NotEqual(t, outputs["groups"].([]any)[0], found[service].Groups[0], service)
	}
}

// adopt runs models of another stack in the network, and not in two networks at once.
func adopt(t *testing.T, w *world, there map[string]any) {
	t.Helper()
	other := newNetworkStack(w, "other")
	texts := func(values any) []string {
		var texts []string
		for _, value := range values.([]any) {
			texts = append(texts, value.(string))
		}
		return texts
	}
	args := &network.Args{Spec: network.Spec{
		SubnetIDs: texts(there["subnets"]), SecurityGroupIDs: texts(there["groups"]),
	}}
	changes, outputs, err := other.become(args)
	require.NoError(t, err, w.out.String())
	require.Equal(t, map[string]int{"create": 2}, changes, "the stack and the component")
	require.Equal(t, there, outputs)

	everywhere := w.ec2("DescribeSubnets")
	elsewhere := slices.IndexFunc(everywhere, func(s ec2Item) bool { return s.VPC != there["vpc"] })
	args.SubnetIDs[1] = everywhere[elsewhere].Subnet
	_, _, err = other.become(args)
	require.Error(t, err)
	require.Contains(t, w.out.String(), "subnet "+args.SubnetIDs[1]+" is in "+everywhere[elsewhere].VPC)
	require.NoError(t, w.openProgram(other.file, nil).Destroy(t.Context()), w.out.String())
}

// TestAStackWithANetworkPutsItsModelsThere covers what the stack adds to the component: who is told of the network.
func TestAStackWithANetworkPutsItsModelsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, durations)
	file := w.file("dev", `config:
  aws:region: eu-west-1
  sagehost:storage: {forceDestroy: true}
  sagehost:network: {endpoints: []}
  sagehost:models:
    inside: {image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0}
    outside: {image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0, joinNetwork: false}
`)
	w.up(file)
	names, err := w.clients.models(t.Context())
	require.NoError(t, err)
	require.Len(t, names, 2)
	for _, name := range names {
		model, err := w.clients.sagemaker.DescribeModel(t.Context(), &sdk.DescribeModelInput{ModelName: &name})
		require.NoError(t, err)
		if strings.HasPrefix(name, "outside") {
			require.Nil(t, model.VpcConfig)
			continue
		}
		require.Len(t, model.VpcConfig.Subnets, 2)
		require.Len(t, model.VpcConfig.SecurityGroupIds, 1)
	}
	require.NoError(t, w.open(file).Destroy(t.Context()), w.out.String())
}

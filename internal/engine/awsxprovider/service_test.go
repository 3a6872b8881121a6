package awsxprovider

import (
	"net"
	"os"
	"regexp"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// attached is a client of a provider to which an engine has attached that answers nothing.
func attached(t *testing.T) pulumirpc.ResourceProviderClient {
	t.Helper()
	client := started(t)
	engine, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	go func() { _ = server.Serve(engine) }()
	t.Cleanup(server.Stop)
	_, err = client.Attach(t.Context(), &pulumirpc.PluginAttach{Address: engine.Addr().String()})
	require.NoError(t, err)
	return client
}

func started(t *testing.T) pulumirpc.ResourceProviderClient {
	t.Helper()
	p, err := Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	port := regexp.MustCompile(`^awsx:(\d+)$`).FindStringSubmatch(p.Attach())
	require.NotNil(t, port, p.Attach())
	conn, err := grpc.NewClient("127.0.0.1:"+port[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	return pulumirpc.NewResourceProviderClient(conn)
}

func TestVersionIsThatOfTheSDK(t *testing.T) {
	t.Parallel()
	info, err := started(t).GetPluginInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	module, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	pinned := regexp.MustCompile(`github\.com/pulumi/pulumi-awsx/sdk/v2 v(\S+)`).FindSubmatch(module)
	require.NotNil(t, pinned)
	assert.Equal(t, string(pinned[1]), info.GetVersion())
}

func TestNothingIsConstructedForNobody(t *testing.T) {
	t.Parallel()
	_, err := started(t).Construct(t.Context(), &pulumirpc.ConstructRequest{Type: vpcType})
	assert.ErrorContains(t, err, errNotAttached.Error())
}

func TestAProviderCanBeClosedTwice(t *testing.T) {
	t.Parallel()
	p, err := Start(t.Context())
	require.NoError(t, err)
	require.NoError(t, p.Close())
	require.NoError(t, p.Close())
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	t.Parallel()
	client := attached(t)
	const isolatedSpec = "Isolated"
	specs := func(types ...any) []any {
		var list []any
		for _, typ := range types {
			list = append(list, map[string]any{"type": typ})
		}
		return list
	}
	for _, test := range []struct {
		typ    string
		inputs map[string]any
		want   string
	}{
		{
			"awsx:lb:NetworkLoadBalancer", nil,
			"awsx:lb:NetworkLoadBalancer is not known to the local AWS, which has only awsx:ec2:Vpc of awsx",
		},
		{
			vpcType,
			map[string]any{"vpcEndpointSpecs": []any{}},
			`awsx:ec2:Vpc "net": input vpcEndpointSpecs is not known to the local AWS; it knows availabilityZoneCidrMask, ` +
				"cidrBlock, enableDnsHostnames, enableDnsSupport, natGateways, numberOfAvailabilityZones, subnetSpecs, " +
				"subnetStrategy, tags",
		},
		{vpcType, nil, `awsx:ec2:Vpc "net": subnetStrategy "" is not known to the local AWS; it knows Auto`},
		{
			vpcType,
			map[string]any{"subnetStrategy": "Auto"},
			`awsx:ec2:Vpc "net": subnetSpecs is required by the local AWS`,
		},
		{
			vpcType,
			map[string]any{"subnetStrategy": "Auto", "subnetSpecs": specs("Unused")},
			`subnets of type "Unused" are not known to the local AWS`,
		},
		{
			vpcType,
			map[string]any{"subnetStrategy": "Auto", "subnetSpecs": specs(isolatedSpec, isolatedSpec)},
			"several subnets of type Isolated in a zone are not known to the local AWS",
		},
		{
			vpcType,
			map[string]any{"subnetStrategy": "Auto", "subnetSpecs": specs(isolatedSpec)},
			"NAT gateways (OnePerAz) need public subnets to stand in and private subnets to serve",
		},
		{
			vpcType,
			map[string]any{
				"subnetStrategy": "Auto", "subnetSpecs": specs(isolatedSpec),
				"natGateways": map[string]any{"strategy": "Two"},
			},
			`natGateways.strategy "Two" is not None, Single or OnePerAz`,
		},
	} {
		inputs, err := structpb.NewStruct(test.inputs)
		require.NoError(t, err)
		_, err = client.Construct(t.Context(), &pulumirpc.ConstructRequest{
			Project: "p", Stack: "s", Type: test.typ, Name: "net", Inputs: inputs,
		})
		assert.ErrorContains(t, err, test.want)
	}
}

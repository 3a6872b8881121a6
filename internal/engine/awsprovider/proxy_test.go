package awsprovider

import (
	"context"
	"io"
	"net"
	"os"
	"regexp"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// fakeBridge keeps what it was asked and answers as told.
type fakeBridge struct {
	pulumirpc.UnimplementedResourceProviderServer
	asked   proto.Message
	diff    *pulumirpc.DiffResponse
	failure error
}

func (f *fakeBridge) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	f.asked = r
	failures := []*pulumirpc.CheckFailure{{Property: "alarmName", Reason: "too long"}}
	return &pulumirpc.CheckResponse{Inputs: r.GetNews(), Failures: failures}, nil
}

func (f *fakeBridge) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	f.asked = r
	return f.diff, nil
}

func (f *fakeBridge) Create(_ context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	f.asked = r
	return nil, f.failure
}

func (f *fakeBridge) Update(_ context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	f.asked = r
	return nil, f.failure
}

func (f *fakeBridge) Configure(_ context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	f.asked = r
	return &pulumirpc.ConfigureResponse{}, nil
}

func (f *fakeBridge) Invoke(_ context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	f.asked = r
	return &pulumirpc.InvokeResponse{}, nil
}

func (f *fakeBridge) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	f.asked = &emptypb.Empty{}
	return &emptypb.Empty{}, nil
}

func (f *fakeBridge) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "0.0.0"}, nil
}

// serve runs a server and returns a connection to it.
func serve(t *testing.T, register func(*grpc.Server)) *grpc.ClientConn {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	register(server)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	return conn
}

func proxied(t *testing.T, bridge *fakeBridge) pulumirpc.ResourceProviderClient {
	t.Helper()
	behind := serve(t, func(s *grpc.Server) { pulumirpc.RegisterResourceProviderServer(s, bridge) })
	return pulumirpc.NewResourceProviderClient(serve(t, func(s *grpc.Server) {
		words, err := startEngine(io.Discard)
		require.NoError(t, err)
		t.Cleanup(words.stop)
		assert.NoError(t, (&proxy{bridge: behind, engine: words}).register(s))
	}))
}

func TestCheckReachesTheBridgeInItsWordsAndComesBackInTheSDKs(t *testing.T) {
	t.Parallel()
	bridge := &fakeBridge{}
	response, err := proxied(t, bridge).Check(t.Context(), &pulumirpc.CheckRequest{
		Urn: alarmURN, Type: "aws:cloudwatch/metricAlarm:MetricAlarm", Name: "Errors",
		News: bagOf(t, bag{"name": "a"}),
	})
	require.NoError(t, err)
	assert.Equal(t, bag{"name": "a"}, response.GetInputs().AsMap())
	assert.Equal(t, "name", response.GetFailures()[0].GetProperty())

	asked, ok := bridge.asked.(*pulumirpc.CheckRequest)
	require.True(t, ok)
	assert.Equal(t, bridgeURN(alarmURN), asked.GetUrn())
	assert.Equal(t, "aws:index/cloudwatchMetricAlarm:CloudwatchMetricAlarm", asked.GetType())
	assert.Equal(t, "Errors", asked.GetName())
	assert.Equal(t, bag{"alarmName": "a"}, asked.GetNews().AsMap())
}

func TestDiffIsTranslatedWithItsPaths(t *testing.T) {
	t.Parallel()
	replace := &pulumirpc.PropertyDiff{Kind: pulumirpc.PropertyDiff_UPDATE_REPLACE}
	bridge := &fakeBridge{diff: &pulumirpc.DiffResponse{
		Replaces: []string{"alarmName"}, Stables: []string{"arn"}, Diffs: []string{"alarmName", "period"},
		DetailedDiff: map[string]*pulumirpc.PropertyDiff{"alarmName": replace},
	}}
	response, err := proxied(t, bridge).Diff(t.Context(), &pulumirpc.DiffRequest{
		Urn: alarmURN, IgnoreChanges: []string{"name", "tags"}, OldInputs: bagOf(t, bag{"name": "a"}),
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"name"}, response.GetReplaces())
	assert.Equal(t, []string{"arn"}, response.GetStables())
	assert.Equal(t, []string{"name", "period"}, response.GetDiffs())
	require.Contains(t, response.GetDetailedDiff(), "name")
	assert.Equal(t, replace.GetKind(), response.GetDetailedDiff()["name"].GetKind())

	asked, ok := bridge.asked.(*pulumirpc.DiffRequest)
	require.True(t, ok)
	assert.Equal(t, []string{"alarmName", "tags"}, asked.GetIgnoreChanges())
	assert.Equal(t, bag{"alarmName": "a"}, asked.GetOldInputs().AsMap())
}

func TestFailedCreateKeepsItsCodeAndTheStateOfTheHalfMadeResource(t *testing.T) {
	t.Parallel()
	failure, err := status.New(codes.Unknown, "no").WithDetails(&pulumirpc.ErrorResourceInitFailed{
		Id: "a", Properties: bagOf(t, bag{"alarmName": "a"}), Reasons: []string{"why"},
	})
	require.NoError(t, err)
	_, err = proxied(t, &fakeBridge{failure: failure.Err()}).Create(t.Context(), &pulumirpc.CreateRequest{Urn: alarmURN})
	got := status.Convert(err)
	assert.Equal(t, codes.Unknown, got.Code())
	assert.Equal(t, "no", got.Message())
	require.Len(t, got.Details(), 1)
	state, ok := got.Details()[0].(*pulumirpc.ErrorResourceInitFailed)
	require.True(t, ok)
	assert.Equal(t, bag{"name": "a"}, state.GetProperties().AsMap())
	assert.Equal(t, []string{"why"}, state.GetReasons())
}

func TestAnEndpointThatFailedIsKeptAsItWasAskedFor(t *testing.T) {
	t.Parallel()
	const urn = "urn:pulumi:dev::sagehost::aws:sagemaker/endpoint:Endpoint::flowers"
	state := func(err error) *pulumirpc.ErrorResourceInitFailed {
		for _, detail := range status.Convert(err).Details() {
			if state, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
				return state
			}
		}
		return nil
	}
	create := func(urn, failure string) *pulumirpc.ErrorResourceInitFailed {
		_, err := proxied(t, &fakeBridge{failure: status.Error(codes.Unknown, failure)}).Create(t.Context(),
			&pulumirpc.CreateRequest{Urn: urn, Properties: bagOf(t, bag{"name": "flowers-dev", "endpointConfigName": "c1"})})
		require.ErrorContains(t, err, failure)
		return state(err)
	}
	const never = "waiting for SageMaker AI Endpoint (flowers-dev) create: unexpected state 'Failed'"
	made := create(urn, never)
	require.NotNil(t, made)
	assert.Equal(t, "flowers-dev", made.GetId())
	assert.Equal(t, []string{never}, made.GetReasons())
	assert.Equal(t, bag{"name": "flowers-dev", "endpointConfigName": "c1", "sagemakerEndpointId": "flowers-dev"},
		made.GetProperties().AsMap())
	assert.Nil(t, create(urn, "Could not find endpoint configuration"), "nothing was made")
	assert.Nil(t, create(alarmURN, never), "only endpoints have a name that is their ID")

	_, err := proxied(t, &fakeBridge{failure: status.Error(codes.Unknown, "no")}).Update(t.Context(),
		&pulumirpc.UpdateRequest{
			Urn: urn,
			Olds: bagOf(t, bag{
				"name": "flowers-dev", "endpointConfigName": "c1", "arn": "a", "__pulumi_raw_state_delta": bag{},
			}),
			News: bagOf(t, bag{"name": "flowers-dev", "endpointConfigName": "c2"}),
		})
	require.NotNil(t, state(err))
	assert.Equal(t, bag{"name": "flowers-dev", "endpointConfigName": "c2", "arn": "a"},
		state(err).GetProperties().AsMap())
}

func TestConfigurationReachesTheBridgeInItsShapes(t *testing.T) {
	t.Parallel()
	bridge := &fakeBridge{}
	_, err := proxied(t, bridge).Configure(t.Context(), &pulumirpc.ConfigureRequest{
		Args: bagOf(t, bag{"region": "eu-west-1", "defaultTags": bag{"tags": bag{"a": "b"}}}),
	})
	require.NoError(t, err)
	asked, ok := bridge.asked.(*pulumirpc.ConfigureRequest)
	require.True(t, ok)
	assert.Equal(t, bag{"region": "eu-west-1", "defaultTags": []any{bag{"tags": bag{"a": "b"}}}}, asked.GetArgs().AsMap())
}

func TestFunctionIsCalledByTheBridgesName(t *testing.T) {
	t.Parallel()
	bridge := &fakeBridge{}
	_, err := proxied(t, bridge).Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:iam/getRole:getRole"})
	require.NoError(t, err)
	asked, ok := bridge.asked.(*pulumirpc.InvokeRequest)
	require.True(t, ok)
	assert.Equal(t, "aws:index/getIamRole:getIamRole", asked.GetTok())
}

func TestCancelReachesTheBridge(t *testing.T) {
	t.Parallel()
	bridge := &fakeBridge{}
	_, err := proxied(t, bridge).Cancel(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	assert.NotNil(t, bridge.asked)
}

func TestVersionIsThatOfTheSDK(t *testing.T) {
	t.Parallel()
	info, err := proxied(t, &fakeBridge{}).GetPluginInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	module, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	pinned := regexp.MustCompile(`github\.com/pulumi/pulumi-aws/sdk/v6 v(\S+)`).FindSubmatch(module)
	require.NotNil(t, pinned)
	assert.Equal(t, string(pinned[1]), info.GetVersion())
}

package awsxprovider

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// service answers the engine that has attached last, in the part of the provider protocol that components need.
type service struct {
	pulumirpc.UnimplementedResourceProviderServer

	mu     sync.Mutex
	engine *grpc.ClientConn
}

// errNotAttached is an engine's request before it said where it is.
var errNotAttached = errors.New("no engine has attached")

// connect puts a connection in the place of the one to an earlier engine, which has ended.
func (s *service) connect(engine *grpc.ClientConn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	earlier := s.engine
	s.engine = engine
	if earlier == nil {
		return nil
	}
	return earlier.Close()
}

// Attach takes an engine's address.
func (s *service) Attach(_ context.Context, request *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	engine, err := grpc.NewClient(request.GetAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("engine at %s: %w", request.GetAddress(), err)
	}
	return &emptypb.Empty{}, s.connect(engine)
}

// GetPluginInfo tells the version.
func (s *service) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: Version}, nil
}

// CheckConfig takes any configuration, because components have none.
func (s *service) CheckConfig(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: request.GetNews()}, nil
}

// DiffConfig finds no difference.
func (s *service) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}

// Configure says what of the protocol is understood.
func (s *service) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, SupportsPreview: true, AcceptResources: true, AcceptOutputs: true,
	}, nil
}

// Construct registers a component and its children.
func (s *service) Construct(
	ctx context.Context, request *pulumirpc.ConstructRequest,
) (*pulumirpc.ConstructResponse, error) {
	s.mu.Lock()
	engine := s.engine
	s.mu.Unlock()
	if engine == nil {
		return nil, errNotAttached
	}
	return provider.Construct(ctx, request, engine, construct)
}

// construct hands the one known type on.
func construct(
	ctx *pulumi.Context, typ, name string, inputs provider.ConstructInputs, options pulumi.ResourceOption,
) (*provider.ConstructResult, error) {
	if typ != vpcType {
		return nil, fmt.Errorf("%s is not known to the local AWS, which has only %s of awsx", typ, vpcType)
	}
	args, err := readArgs(inputs)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", typ, name, err)
	}
	v, err := newVPC(ctx, name, args, options)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", typ, name, err)
	}
	return &provider.ConstructResult{URN: v.URN(), State: v.outputs()}, nil
}

// Cancel has nothing to end.
func (s *service) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

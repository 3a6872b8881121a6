package awsprovider

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engine stands between the bridge and the real engine, and gives back to resources the names that the real engine
// knows them by in what the bridge logs about them. Until a real engine attaches, messages go to a log: the bridge
// speaks while it loads the Terraform provider.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	address string
	server  *grpc.Server
	log     io.Writer

	// lookups is how many calls of functions are under way.
	lookups atomic.Int32

	mu   sync.Mutex
	real *grpc.ClientConn
	urns map[string]string // the engine's names of resources by the bridge's
}

func startEngine(log io.Writer) (*engine, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("log server: %w", err)
	}
	e := &engine{
		address: listener.Addr().String(), server: grpc.NewServer(), log: log, urns: map[string]string{},
	}
	pulumirpc.RegisterEngineServer(e.server, e)
	go func() { _ = e.server.Serve(listener) }()
	return e, nil
}

// attach makes messages go to the engine at an address.
func (e *engine) attach(address string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("engine at %s: %w", address, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.real != nil {
		_ = e.real.Close() // an earlier engine, which has ended
	}
	e.real = conn
	return nil
}

// remember notes a resource that the engine talks about.
func (e *engine) remember(urn string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.urns[bridgeURN(urn)] = urn
}

// Log passes one message of the bridge on, but for errors of look-ups: whoever looks something up is given the error,
// and that nothing is there may be an answer. The aws plugin logs none, either.
func (e *engine) Log(ctx context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	if req.GetSeverity() == pulumirpc.LogSeverity_ERROR && req.GetUrn() == "" && e.lookups.Load() > 0 {
		return &emptypb.Empty{}, nil
	}
	e.mu.Lock()
	to := e.real
	if urn, known := e.urns[req.GetUrn()]; known {
		req.Urn = urn
	}
	e.mu.Unlock()
	if to != nil {
		return pulumirpc.NewEngineClient(to).Log(ctx, req)
	}
	_, err := fmt.Fprintf(e.log, "%s: %s\n", req.GetSeverity(), req.GetMessage())
	return &emptypb.Empty{}, err
}

func (e *engine) stop() {
	e.server.Stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.real != nil {
		_ = e.real.Close() // nobody is left to hear of it
		e.real = nil
	}
}

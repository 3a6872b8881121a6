package awsprovider

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engine takes the bridge's log messages until a real engine attaches. The bridge logs while it loads the Terraform
// provider, and a bridge without an engine's address has nowhere to log to.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	address string
	server  *grpc.Server
	log     io.Writer
}

func startEngine(log io.Writer) (*engine, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("log server: %w", err)
	}
	e := &engine{address: listener.Addr().String(), server: grpc.NewServer(), log: log}
	pulumirpc.RegisterEngineServer(e.server, e)
	go func() { _ = e.server.Serve(listener) }()
	return e, nil
}

// Log writes one message of the bridge, led by its severity.
func (e *engine) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	_, err := fmt.Fprintf(e.log, "%s: %s\n", req.GetSeverity(), req.GetMessage())
	return &emptypb.Empty{}, err
}

// lockedWriter lets the log messages and both output streams share one writer.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

// Write passes the bytes on, one caller at a time.
func (w *lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(b)
}

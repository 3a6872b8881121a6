// Package awsxprovider stands in for the plugin of pulumi-awsx, a Node.js program, where stacks are deployed to the
// local AWS. It knows the one component that the components use, awsx:ec2:Vpc, and registers the same children under
// the same names as the plugin does.
package awsxprovider

import (
	"context"
	"errors"
	"fmt"
	"net"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// Version is the pulumi-awsx version that the provider answers for. It equals the version of the SDK in go.mod.
const Version = "2.22.0"

// Provider is a running provider for the package awsx.
type Provider struct {
	service *service
	server  *grpc.Server
	port    int
}

// Start serves engines, one after the other, until [Provider.Close].
func Start(ctx context.Context) (*Provider, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("awsx provider: %w", err)
	}
	addr, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return nil, errors.Join(fmt.Errorf("awsx provider: %s has no port", listener.Addr()), listener.Close())
	}
	p := &Provider{service: &service{}, server: grpc.NewServer(), port: addr.Port}
	pulumirpc.RegisterResourceProviderServer(p.server, p.service)
	// Serve returns when Close stops the server, and its error says no more than that.
	go func() { _ = p.server.Serve(listener) }()
	return p, nil
}

// Attach is the part of PULUMI_DEBUG_PROVIDERS that makes an engine use this provider for the package awsx.
func (p *Provider) Attach() string { return fmt.Sprintf("awsx:%d", p.port) }

// Close ends the provider. It may be called again.
func (p *Provider) Close() error {
	p.server.Stop()
	return p.service.connect(nil)
}

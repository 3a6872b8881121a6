// Package awsprovider runs the AWS provider as a server that a Pulumi engine attaches to.
//
// The provider is Terraform's own AWS provider behind Pulumi's bridge for any Terraform provider. That pair names
// resources and properties in its own way, so a proxy in front of it speaks the language of pulumi-aws, which
// programs written with its SDK ask for. It serves machines that cannot download the aws plugin itself.
package awsprovider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"google.golang.org/grpc"

	"sagehost/kit/files"
)

// Version is the pulumi-aws version that the provider answers for. It equals the version of the SDK in go.mod.
const Version = "6.83.2"

// maxMessage bounds one message. The engine and the bridge agree on the same number, because a schema is megabytes.
const maxMessage = 400 << 20

// Options says which programs make up the provider, and where their words go.
type Options struct {
	// Bridge is the path of the bridge for any Terraform provider. Required.
	Bridge string
	// TerraformProvider is the path of the terraform-provider-aws executable. Required.
	TerraformProvider string
	// Env is the environment of both processes, as "key=value". Nil means this process's own. AWS_CA_BUNDLE and
	// TMPDIR are always replaced, see [Start].
	Env []string
	// Log receives what both processes write before an engine attaches, and their standard error after it. Nil
	// discards it.
	Log io.Writer
}

// Provider is a running AWS provider.
type Provider struct {
	dir    string
	engine *engine
	bridge *bridge
	conn   *grpc.ClientConn
	server *grpc.Server
	port   int
}

// Start runs the AWS provider and returns when it serves.
//
// One Provider holds one configuration (region, credentials), the last one an engine sent: start one for each engine
// run, and do not give it to a program with several explicit AWS providers. The context bounds the start alone; the
// provider lives until [Provider.Close]. On Linux it also ends when this process is killed.
//
// AWS_CA_BUNDLE is withheld from the provider, which fails its second configuration when it is set. TMPDIR is a
// folder that Close removes, because a killed provider leaves its socket there.
func Start(ctx context.Context, opts Options) (*Provider, error) {
	if opts.Env == nil {
		opts.Env = os.Environ()
	}
	if opts.Log == nil {
		opts.Log = io.Discard
	}
	dir, err := os.MkdirTemp("", "awsprovider")
	if err != nil {
		return nil, fmt.Errorf("aws provider: %w", err)
	}
	p := &Provider{dir: dir}
	if err := p.start(ctx, opts); err != nil {
		return nil, errors.Join(fmt.Errorf("aws provider: %w", err), p.Close())
	}
	return p, nil
}

func (p *Provider) start(ctx context.Context, opts Options) error {
	log := files.NewSharedWriter(opts.Log)
	link, err := linkProvider(p.dir, opts.TerraformProvider)
	if err != nil {
		return err
	}
	if p.engine, err = startEngine(log); err != nil {
		return err
	}
	if p.bridge, err = startBridge(ctx, opts, p.dir, p.engine.address, log); err != nil {
		return err
	}
	if p.conn, err = dialBridge(ctx, p.bridge.port, link); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.port = portOf(listener)
	p.server = grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage))
	if err := (&proxy{bridge: p.conn, engine: p.engine}).register(p.server); err != nil {
		return errors.Join(err, listener.Close())
	}
	// Serve returns when Close stops the server, and its error says no more than that.
	go func() { _ = p.server.Serve(listener) }()
	return nil
}

// Attach is the value of PULUMI_DEBUG_PROVIDERS that makes an engine use this provider for the package aws.
func (p *Provider) Attach() string {
	return fmt.Sprintf("aws:%d", p.port)
}

// Close ends the provider: its servers, both its processes and its temporary folder. It may be called again.
func (p *Provider) Close() error {
	if p.server != nil {
		p.server.Stop()
	}
	var problems []error
	if p.conn != nil {
		problems = append(problems, p.conn.Close())
		p.conn = nil
	}
	if p.bridge != nil {
		problems = append(problems, p.bridge.close())
	}
	if p.engine != nil {
		p.engine.stop()
	}
	return errors.Join(append(problems, os.RemoveAll(p.dir))...)
}

func portOf(l net.Listener) int {
	if addr, ok := l.Addr().(*net.TCPAddr); ok {
		return addr.Port
	}
	return 0
}

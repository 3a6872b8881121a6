package awsprovider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// outputGrace is how long a dead bridge's output may stay open before it is cut off.
const outputGrace = 2 * time.Second

// bridge is the process group of the bridge and of the Terraform provider that it starts.
type bridge struct {
	cmd  *exec.Cmd
	port int
	done chan struct{}
	exit error
}

// startBridge returns when the bridge has told its port.
func startBridge(ctx context.Context, opts Options, dir, engineAddress string, log io.Writer) (*bridge, error) {
	ports := newPortReader(log)
	// Not CommandContext: the bridge outlives the context of its start, and its whole group has to go.
	cmd := exec.Command(opts.Bridge, engineAddress) //nolint:gosec // the caller names the program, that is its purpose
	cmd.Env = bridgeEnv(opts.Env, dir)
	cmd.Stdout = ports
	cmd.Stderr = log
	cmd.WaitDelay = outputGrace
	cmd.SysProcAttr = groupAttr()
	b := &bridge{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go b.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("bridge: %w", err)
	}
	select {
	case b.port = <-ports.port:
		return b, nil
	case <-b.done:
		return nil, fmt.Errorf("bridge: ended before it served: %w", errors.Join(b.exit, errBridgeEnded))
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("bridge: %w", ctx.Err()), b.close())
	}
}

var errBridgeEnded = errors.New("no port was printed")

// run starts the process and waits for it on one operating system thread: Linux ties the parent-death signal to the
// thread that started the process, not to the whole parent.
func (b *bridge) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := b.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	b.exit = b.cmd.Wait()
	// A bridge that crashed did not end the Terraform provider.
	_ = killGroup(b.cmd.Process.Pid)
	close(b.done)
}

// close ends both processes. They hold nothing worth a graceful end once the engine's calls have returned.
func (b *bridge) close() error {
	select {
	case <-b.done:
		return nil
	default:
	}
	if err := killGroup(b.cmd.Process.Pid); err != nil {
		return fmt.Errorf("bridge: end process group %d: %w", b.cmd.Process.Pid, err)
	}
	<-b.done
	return nil
}

func killGroup(pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

func bridgeEnv(env []string, dir string) []string {
	kept := slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		return strings.HasPrefix(entry, "AWS_CA_BUNDLE=") || strings.HasPrefix(entry, "TMPDIR=")
	})
	return append(kept, "TMPDIR="+dir)
}

// dialBridge connects to the bridge and tells it which Terraform provider to run.
func dialBridge(ctx context.Context, port int, parameters ...string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("127.0.0.1:"+strconv.Itoa(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("bridge: %w", err)
	}
	_, err = pulumirpc.NewResourceProviderClient(conn).Parameterize(ctx, &pulumirpc.ParameterizeRequest{
		Parameters: &pulumirpc.ParameterizeRequest_Args{
			Args: &pulumirpc.ParameterizeRequest_ParametersArgs{Args: parameters},
		},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bridge: load terraform provider: %w", err), conn.Close())
	}
	return conn, nil
}

// linkProvider gives the Terraform provider a path that ends in its plain name: the bridge takes the provider's name
// from the end of the path, where an installed provider has its version.
func linkProvider(dir, terraformProvider string) (string, error) {
	target, err := filepath.Abs(terraformProvider)
	if err != nil {
		return "", fmt.Errorf("terraform provider: %w", err)
	}
	if _, err := os.Stat(target); err != nil {
		return "", fmt.Errorf("terraform provider: %w", err)
	}
	link := filepath.Join(dir, "terraform-provider-aws")
	if err := os.Symlink(target, link); err != nil {
		return "", fmt.Errorf("terraform provider: %w", err)
	}
	return link, nil
}

// portReader picks the port out of the first line of the bridge's output and logs the rest.
type portReader struct {
	port chan int
	rest io.Writer
	once sync.Once
	line bytes.Buffer
	done bool
}

func newPortReader(rest io.Writer) *portReader {
	return &portReader{port: make(chan int, 1), rest: rest}
}

// Write takes the next piece of output. A first line that is no number is an error, which ends the bridge.
func (r *portReader) Write(b []byte) (int, error) {
	if r.done {
		return r.rest.Write(b)
	}
	r.line.Write(b)
	first, rest, found := strings.Cut(r.line.String(), "\n")
	if !found {
		return len(b), nil
	}
	r.done = true
	port, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, fmt.Errorf("port: %w", err)
	}
	r.once.Do(func() { r.port <- port })
	if _, err := io.WriteString(r.rest, rest); err != nil {
		return 0, err
	}
	return len(b), nil
}

//go:build unix

package serving

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const (
	// stopGrace is how long a container may take to end by itself. At AWS it is 30 s.
	stopGrace = 3 * time.Second
	// lastWords is how long we wait for what a container printed at its end, when something that it started and that
	// has left its process group still holds on to its output.
	lastWords = time.Second
)

// process is one run of a container.
type process struct {
	port string
	pid  int
	// how it ended; set before exited is closed.
	how    error
	exited chan struct{}
	// invocations is where requests go.
	invocations endpoint
}

// spawn starts a program in a process group of its own.
func spawn(program []string, dir string, environment []string, port string, to *output) (*process, error) {
	cmd := exec.Command(program[0], program[1:]...) //nolint:gosec // the user's file names the program
	cmd.Dir, cmd.Env = dir, environment
	cmd.SysProcAttr = ownGroup()
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program[0], err)
	}
	cmd.Stdout, cmd.Stderr = writer, writer
	p := &process{port: port, exited: make(chan struct{}), invocations: newEndpoint(port)}
	started := make(chan error)
	go p.run(cmd, reader, writer, to, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", program[0], err)
	}
	return p, nil
}

// run starts the program and waits for its end on a thread of its own, because Linux ends it with the thread that
// started it.
func (p *process) run(cmd *exec.Cmd, reader, writer *os.File, to *output, started chan<- error) {
	runtime.LockOSThread()
	err := cmd.Start()
	// Ours is only a copy of the end that the container writes to.
	_ = writer.Close()
	if err != nil {
		_ = reader.Close()
		started <- err
		return
	}
	p.pid = cmd.Process.Pid
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		to.follow(reader)
	}()
	started <- nil
	p.how = cmd.Wait()
	// What it started and left behind goes with it. That there is nothing left is what is wanted.
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	select {
	case <-followed:
	case <-time.After(lastWords):
	}
	_ = reader.Close()
	close(p.exited)
}

// running says that the process has not ended yet.
func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// signal sends a signal to the whole group. A process that has ended gets none: its id may be another's by now.
func (p *process) signal(number syscall.Signal) {
	if p.running() {
		// A group that has gone in the meantime is what is wanted.
		_ = syscall.Kill(-p.pid, number)
	}
}

// kill ends the process at once.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.exited
}

// stop asks the process to end, and kills it when it does not.
func (p *process) stop() {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(stopGrace):
		p.kill()
	}
}

package usage

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// held is how much memory the program takes, in bytes.
const held = 64 << 20

// TestMain is also the program that stands for a container: with PROGRAM set.
func TestMain(m *testing.M) {
	if os.Getenv("PROGRAM") != "" {
		os.Exit(program(os.Getenv("PROGRAM")))
	}
	os.Exit(m.Run())
}

// program does what it is told by a line, says that it has, and ends with its input.
func program(kind string) int {
	lines := bufio.NewScanner(os.Stdin)
	if kind == "parent" {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "PROGRAM=child")
		child.Stdin, child.Stdout = os.Stdin, os.Stdout
		if child.Run() != nil {
			return 1
		}
		return 0
	}
	for lines.Scan() {
		switch lines.Text() {
		case "burn":
			go func() {
				for { //nolint:revive,staticcheck // it uses a core until the program ends
				}
			}()
		case "hold":
			// What is not on Go's heap has no share in its bookkeeping, and stays.
			memory, err := syscall.Mmap(-1, 0, held, syscall.PROT_READ|syscall.PROT_WRITE,
				syscall.MAP_ANON|syscall.MAP_PRIVATE)
			if err != nil {
				return 1
			}
			for i := 0; i < len(memory); i += os.Getpagesize() {
				memory[i] = 1
			}
		}
		_, _ = fmt.Fprintln(os.Stdout, "done")
	}
	return 0
}

// running is a program that runs.
type running struct {
	cmd   *exec.Cmd
	input io.WriteCloser
	lines *bufio.Reader
}

func start(t *testing.T, kind string) *running {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PROGRAM="+kind, "GORACE=atexit_sleep_ms=0")
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	r := &running{cmd: cmd, input: input, lines: bufio.NewReader(output)}
	t.Cleanup(r.end)
	r.tell(t, "begin")
	return r
}

// tell has the program do something and waits until it has.
func (r *running) tell(t *testing.T, what string) {
	t.Helper()
	_, err := fmt.Fprintln(r.input, what)
	require.NoError(t, err)
	line, err := r.lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "done\n", line)
}

// end closes the input of the program and waits for its end.
func (r *running) end() {
	_ = r.input.Close()
	_ = r.cmd.Wait()
}

// sink keeps the latest value of each metric by its name.
type sink map[string]float64

// Add notes a value.
func (s sink) Add(metric metrics.Metric, value float64) { s[metric.Name] = value }

// watch makes a Sampler of a program on this machine.
func watch(t *testing.T, r *running) (sampler *Sampler, sample func() sink) {
	t.Helper()
	values, log := sink{}, &bytes.Buffer{}
	sampler = New(Options{
		Running: func() []Running { return []Running{flowers(r.cmd.Process.Pid)} },
		Metrics: values, Log: log,
	})
	return sampler, func() sink {
		clear(values)
		sampler.due = time.Now()
		sampler.publish()
		assert.Empty(t, log.String())
		assert.Len(t, values, 3)
		return values
	}
}

func TestAProcessThatBurnsCPUUsesSome(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"container", "parent"} {
		r := start(t, kind)
		sampler, sample := watch(t, r)
		sample()
		before := sampler.spent
		r.tell(t, "burn")
		require.Eventually(t, func() bool {
			sum := time.Duration(0)
			for pid := range before {
				p, _ := local{}.process(pid)
				sum += p.cpu - before[pid]
			}
			return sum >= 100*time.Millisecond
		}, time.Minute, 10*time.Millisecond, kind)
		got := sample()
		assert.Positive(t, got["CPUUtilization"], kind)
		assert.LessOrEqual(t, got["CPUUtilization"], 100*float64(runtime.NumCPU()), kind)
	}
}

func TestMemoryGrowsByWhatIsAllocated(t *testing.T) {
	t.Parallel()
	machine, err := local{}.totals()
	require.NoError(t, err)
	for _, kind := range []string{"container", "parent"} {
		r := start(t, kind)
		_, sample := watch(t, r)
		before := sample()["MemoryUtilization"]
		r.tell(t, "hold")
		grown := (sample()["MemoryUtilization"] - before) / 100 * float64(machine.memory)
		// The program's own share may move by some megabytes.
		assert.InDelta(t, held, grown, held/4, kind)
	}
}

func TestAProcessThatEndedUsesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, "container")
	_, sample := watch(t, r)
	assert.Positive(t, sample()["MemoryUtilization"])
	r.end()
	got := sample()
	assert.Zero(t, got["CPUUtilization"])
	assert.Zero(t, got["MemoryUtilization"])
}

func TestAFolderIsAsLargeAsItsFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), make([]byte, 1<<20), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(deep, "file"), make([]byte, 3), 0o600))
	require.NoError(t, os.Symlink("file", filepath.Join(dir, "link")))
	assert.EqualValues(t, 1<<20+3, local{}.size(dir))
}

func TestAFolderThatIsNotThereIsEmpty(t *testing.T) {
	t.Parallel()
	assert.Zero(t, local{}.size("no/such/folder"))
}

func TestAProcessIsCreatedWhenItStarts(t *testing.T) {
	t.Parallel()
	began := time.Now()
	p, ok := local{}.process(start(t, "container").cmd.Process.Pid)
	require.True(t, ok)
	// Linux tells it by the second in which the machine was started.
	assert.WithinRange(t, p.created, began.Add(-2*time.Second), time.Now().Add(time.Second))
}

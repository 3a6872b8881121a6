//go:build unix

package process_test

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/process"
)

// start runs a program with a mark, in a process group of its own, that ends with the test.
func start(t *testing.T, mark process.Mark, script string) int {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	cmd.Env = append(os.Environ(), mark.Variable())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	return cmd.Process.Pid
}

func TestAProcessIsOursIfItCarriesTheMark(t *testing.T) {
	t.Parallel()
	mark := process.NewMark("moto", t.TempDir())
	pid := start(t, mark, "exec sleep 600")

	assert.True(t, mark.Has(pid))
	assert.False(t, process.NewMark("serve", t.TempDir()).Has(pid), "another mark")
	for _, stranger := range []int{os.Getpid(), os.Getppid(), 1, 0, -1, 1<<22 + 1} {
		assert.False(t, mark.Has(stranger), stranger)
	}
	found, err := mark.Find()
	require.NoError(t, err)
	assert.Equal(t, []int{pid}, found)
}

func TestAFolderIsTheSameByWhicheverPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := dir + "-link"
	require.NoError(t, os.Symlink(dir, link))
	t.Cleanup(func() { assert.NoError(t, os.Remove(link)) })
	assert.Equal(t, process.NewMark("moto", dir), process.NewMark("moto", link))
	assert.Equal(t, process.NewMark("moto", dir+"/not/yet"), process.NewMark("moto", link+"/not/yet"))
}

func TestWhatCarriesTheMarkIsEndedWithItsGroup(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"one that ends when it is asked to": "sleep 600 & wait",
		"one that does not":                 `trap "" TERM; while :; do sleep 600; done`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mark := process.NewMark("moto", t.TempDir())
			start(t, mark, script)
			other := process.NewMark("serve", t.TempDir())
			stranger := start(t, other, "exec sleep 600")

			require.NoError(t, mark.End(t.Context(), 100*time.Millisecond))

			found, err := mark.Find()
			require.NoError(t, err)
			assert.Empty(t, found)
			assert.True(t, other.Has(stranger))
		})
	}
}

func TestAProcessThatIsStoppedIsEndedToo(t *testing.T) {
	t.Parallel()
	mark := process.NewMark("moto", t.TempDir())
	require.NoError(t, syscall.Kill(start(t, mark, "exec sleep 600"), syscall.SIGSTOP))
	require.NoError(t, mark.End(t.Context(), 100*time.Millisecond))
}

func TestTheEndIsWaitedForAsLongAsTheContextAllows(t *testing.T) {
	t.Parallel()
	mark := process.NewMark("moto", t.TempDir())
	start(t, mark, `trap "" TERM; while :; do sleep 600; done`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, mark.End(ctx, time.Hour), context.Canceled)
}

func TestNothingToEndIsNoError(t *testing.T) {
	t.Parallel()
	require.NoError(t, process.NewMark("moto", t.TempDir()).End(t.Context(), time.Hour))
}

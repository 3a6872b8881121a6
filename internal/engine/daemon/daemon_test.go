package daemon

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve runs a process that a record can name, marked for a folder or not, and a server that answers for it.
func serve(t *testing.T, dir string, ours bool) Record {
	t.Helper()
	process := exec.Command("sleep", "600")
	if ours {
		process.Env = append(os.Environ(), mark(dir).Variable())
	}
	process.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	require.NoError(t, process.Start())
	ended := make(chan struct{})
	go func() {
		_ = process.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = process.Process.Kill()
		<-ended
	})
	return Record{PID: process.Process.Pid, URL: answer(t, fmt.Sprintf(`{"pid": %d}`, process.Process.Pid))}
}

// answer serves one answer to everything, and returns where.
func answer(t *testing.T, text string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func alive(r Record) bool { return syscall.Kill(r.PID, 0) == nil }

func TestTheLocalAWSRunsIfItsProcessIsOursAndAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := serve(t, dir, true)
	require.NoError(t, r.Write(dir))
	running, err := Running(t.Context(), dir)
	require.NoError(t, err)
	assert.Equal(t, &r, running)
	assert.Empty(t, LastEnd(dir))

	require.NoError(t, Stop(t.Context(), dir))
	assert.False(t, alive(r))
	running, err = Running(t.Context(), dir)
	require.NoError(t, err)
	assert.Nil(t, running)
}

func TestALocalAWSThatIsAboutToEndIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(Record) string{
		"it says so": func(r Record) string {
			return answer(t, fmt.Sprintf(`{"pid": %d, "ending": "moto ended"}`, r.PID))
		},
		"it listens no more": func(Record) string { return "http://127.0.0.1:1" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			r := serve(t, dir, true)
			r.URL = url(r)
			require.NoError(t, r.Write(dir))
			go func() {
				time.Sleep(300 * time.Millisecond)
				_ = syscall.Kill(r.PID, syscall.SIGKILL)
			}()
			running, err := Running(t.Context(), dir)
			require.NoError(t, err)
			assert.Nil(t, running)
			assert.False(t, alive(r))
		})
	}
}

func TestAStrangerIsNeitherTakenForItNorEnded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := serve(t, dir, false)
	require.NoError(t, r.Write(dir))
	running, err := Running(t.Context(), dir)
	require.NoError(t, err)
	assert.Nil(t, running)
	assert.Equal(t, fmt.Sprintf("process %d was killed", r.PID), LastEnd(dir))
	require.NoError(t, Stop(t.Context(), dir))
	assert.True(t, alive(r))
}

func TestAnUnusableRecordHidesNoProcess(t *testing.T) {
	t.Parallel()
	for name, record := range map[string]string{
		"none": "-", "empty": "", "cut": `{"pid": 1`, "garbage": "\x00\xff", "null": "null", "another type": "[1]",
		"another id": `{"pid": 1, "url": "http://127.0.0.1:1"}`, "no address": fmt.Sprintf(`{"pid": %d}`, os.Getpid()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			r := serve(t, dir, true)
			if record != "-" {
				require.NoError(t, os.WriteFile(recordPath(dir), []byte(record), 0o600))
			}
			_, err := Running(t.Context(), dir)
			assert.Equal(t, &Unresponsive{PID: r.PID}, err)
			require.NoError(t, Stop(t.Context(), dir))
			assert.False(t, alive(r))
			assert.NoFileExists(t, recordPath(dir))
		})
	}
}

func TestOneThatHasEndedByItselfSaysWhy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	assert.Empty(t, LastEnd(dir))
	require.NoError(t, Record{PID: 1 << 23, URL: "http://127.0.0.1:1", Ended: "moto ended"}.Write(dir))
	assert.Equal(t, "moto ended", LastEnd(dir))
}

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestThereIsAWayOutOfEveryStateOfTheLocalAWS goes from one broken state to the next, by the commands that messages
// print. The steps build on each other, because every creation waits for the provider for a minute.
func TestThereIsAWayOutOfEveryStateOfTheLocalAWS(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.keepOnly("  aws:region: eu-west-1\n  sagehost:storage: {}\n")
	c.succeed("up")

	// A state that was cut short.
	state := filepath.Join(c.dir, ".sagehost", "backend", ".pulumi", "stacks", "sagehost", "dev.json")
	c.cut(state)
	out, code := c.command("up")
	require.Equal(t, 1, code)
	require.Contains(t, out, "Its backup is from before the last change.")
	c.shell(indented(t, out)[:2]...)
	require.Contains(t, c.succeed("up"), "Stack dev: no changes, 27 resources")

	// The emulator was killed.
	moto := c.pid("services/moto.json")
	require.NoError(t, syscall.Kill(moto, syscall.SIGKILL))
	reason := fmt.Sprintf("moto_server (process %d) ended: signal: killed, and what it held is lost: "+
		"the local AWS ends, too", moto)
	out = c.succeed("status")
	require.Contains(t, out, "The local AWS does not run ("+reason+"); `")
	out = c.shell(quoted(t, out))
	require.Contains(t, out, "The local AWS that held the stacks [dev] is gone ("+reason+"), and their resources with it.")
	require.Contains(t, out, "Stack dev: 27 created")

	// A bucket that may not be emptied holds an object.
	bucket := regexp.MustCompile(`"models": "(\S+)"`).FindStringSubmatch(out)
	require.NotNil(t, bucket, out)
	c.tell("/"+bucket[1]+"/object", "content")
	moto, daemon := c.pid("services/moto.json"), c.pid("daemon.json")
	out = c.succeed("down")
	require.Contains(t, out, "BucketNotEmpty")
	require.Contains(t, out, "\nIt is discarded with the local AWS.\nNothing of the local AWS is left.\n")
	c.awaitEnd(daemon)
	c.awaitEnd(moto)
	require.NoDirExists(t, filepath.Join(c.dir, ".sagehost"))
}

func TestDownDiscardsWhatItCannotReadAndSparesStrangers(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.succeed("preview")
	moto, daemon := c.pid("services/moto.json"), c.pid("daemon.json")
	stranger := exec.Command("sleep", "600")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() {
		require.NoError(t, stranger.Process.Kill())
		_ = stranger.Wait()
	})
	for _, name := range []string{"daemon.json", "services/moto.json"} {
		record := fmt.Sprintf(`{"pid": %d, "url": "http://127.0.0.1:1", "Socket": "/nowhere"}`, stranger.Process.Pid)
		require.NoError(t, os.WriteFile(filepath.Join(c.dir, ".sagehost", name), []byte(record), 0o600))
	}
	stacks := filepath.Join(c.dir, ".sagehost", "backend", ".pulumi", "stacks", "sagehost")
	require.NoError(t, os.WriteFile(filepath.Join(stacks, "dev.json"), []byte(`{"version": 3, "chec`), 0o600))

	out, code := c.command("status")
	require.Equal(t, 1, code)
	require.Equal(t, fmt.Sprintf("sagehost: the local AWS (process %d) runs, but does not answer\n"+
		"`%s down` ends and discards it.\n", daemon, sagehost), out)
	out = c.shell(quoted(t, out))

	require.Contains(t, out, "Nothing of the local AWS is left.\n")
	c.awaitEnd(daemon)
	c.awaitEnd(moto)
	require.NoError(t, stranger.Process.Signal(syscall.Signal(0)))
	require.NoDirExists(t, filepath.Join(c.dir, ".sagehost"))
}

func TestOfALocalAWSThatWasKilledTheCommandsSayWhatIsLeft(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.succeed("preview")
	moto, daemon := c.pid("services/moto.json"), c.pid("daemon.json")

	require.NoError(t, syscall.Kill(daemon, syscall.SIGKILL))
	c.awaitEnd(daemon)
	killed := fmt.Sprintf("process %d was killed", daemon)
	require.Contains(t, c.succeed("status"), "The local AWS does not run ("+killed+"); `")

	require.NoError(t, syscall.Kill(moto, syscall.SIGKILL))
	c.awaitEnd(moto)
	killed += ", and so was moto: what they held is lost"
	require.Contains(t, c.succeed("status"), "The local AWS does not run ("+killed+"); `")

	require.Equal(t, "\nNot everything could be destroyed: the local AWS of the stacks [dev] does not run ("+killed+")\n"+
		"It is discarded with the local AWS.\nNothing of the local AWS is left.\n", c.succeed("down"))
}

// keepOnly replaces the configuration of the dev stack.
func (c *checkout) keepOnly(config string) {
	c.t.Helper()
	path := filepath.Join(c.dir, "Pulumi.dev.yaml")
	require.NoError(c.t, os.WriteFile(path, []byte("config:\n"+config), 0o600))
}

// cut removes the second half of a file.
func (c *checkout) cut(path string) {
	c.t.Helper()
	info, err := os.Stat(path)
	require.NoError(c.t, err)
	require.NoError(c.t, os.Truncate(path, info.Size()/2))
}

// awaitEnd waits until a process has ended. One that nobody has asked for its exit code has, too.
func (c *checkout) awaitEnd(pid int) {
	c.t.Helper()
	require.Positive(c.t, pid)
	require.Eventually(c.t, func() bool {
		out, _ := exec.Command("ps", "-o", "stat=", "-p", fmt.Sprint(pid)).Output()
		state := strings.TrimSpace(string(out))
		return state == "" || strings.HasPrefix(state, "Z")
	}, time.Minute, 50*time.Millisecond)
}

// shell runs commands as they were printed, and returns what they wrote.
func (c *checkout) shell(lines ...string) string {
	c.t.Helper()
	var all strings.Builder
	for _, line := range lines {
		cmd := exec.CommandContext(c.t.Context(), "sh", "-c", line)
		cmd.Dir, cmd.Env = c.dir, c.env
		out, err := cmd.CombinedOutput()
		require.NoError(c.t, err, "%s\n%s", line, out)
		all.Write(out)
	}
	return all.String()
}

// indented are the commands that a message shows on lines of their own.
func indented(t *testing.T, text string) []string {
	t.Helper()
	var lines []string
	for _, found := range regexp.MustCompile(`(?m)^  (\S.*)$`).FindAllStringSubmatch(text, -1) {
		lines = append(lines, found[1])
	}
	require.NotEmpty(t, lines, text)
	return lines
}

// quoted is the command that a message shows in a sentence.
func quoted(t *testing.T, text string) string {
	t.Helper()
	found := regexp.MustCompile("`([^`]+)`").FindStringSubmatch(text)
	require.NotNil(t, found, text)
	return found[1]
}

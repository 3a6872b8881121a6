package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/github/fakegithub"
	"sagehost/internal/engine/toolchain"
)

var (
	tools toolchain.Tools
	// binary is the command, built from this checkout.
	binary string
)

func TestMain(m *testing.M) {
	code, err := prepare(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func prepare(m *testing.M) (code int, err error) {
	if tools, err = (toolchain.Toolchain{Root: "../..", Progress: os.Stderr}).Ensure(context.Background()); err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "sagehost-workflows-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary = filepath.Join(dir, "sagehost")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/sagehost").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build the command: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// runner is a machine on which the jobs of a workflow run, with a checkout of the repository.
type runner struct {
	t      *testing.T
	dir    string
	origin string
	env    map[string]string
	github *fakegithub.Server
	// known are the values of expressions.
	known map[string]string
	ran   *record
	// roles are those with which commands run; none without AWS.
	roles map[string]*role
	// acting is the role of the command whose provider asks AWS.
	acting *atomic.Pointer[role]
}

// record is what has run.
type record struct {
	mutex sync.Mutex
	ids   map[string]bool
}

func (r *record) add(id string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ids[id] = true
}

func (r *record) has(id string) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.ids[id]
}

// newRunner makes a checkout of the repository with other stacks: of the merge of a pull request that adds a topic's
// subscriber to each.
func newRunner(t *testing.T, ran *record, stacks map[string]string) *runner {
	t.Helper()
	r := &runner{
		t: t, dir: filepath.Join(t.TempDir(), "models"), origin: filepath.Join(t.TempDir(), "origin.git"),
		github: fakegithub.New(t), ran: ran, env: map[string]string{},
	}
	maps.Copy(r.env, map[string]string{
		"GITHUB_API_URL": r.github.URL, "GITHUB_REPOSITORY": fakegithub.Repository, "GITHUB_SHA": "0123abc",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42",
		"GITHUB_WORKFLOW_REF": fakegithub.Repository + "/.github/workflows/promote.yml@refs/heads/main",
		"GITHUB_STEP_SUMMARY": filepath.Join(t.TempDir(), "summary.md"),
		"GITHUB_EVENT_PATH":   filepath.Join(t.TempDir(), "event.json"),
		"SAGEHOST_ADDR":       "127.0.0.1:0",
		// Where there is no way out, the CLI would wait for one before each command.
		"PULUMI_SKIP_UPDATE_CHECK": "true",
		"GIT_CONFIG_GLOBAL":        os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		// Runners have no user: a commit says who makes it, or fails.
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true",
	})
	require.NoError(t, os.WriteFile(r.env["GITHUB_EVENT_PATH"], []byte(`{"pull_request":{"number":7}}`), 0o600))
	r.known = map[string]string{
		"github.token": fakegithub.Token, "matrix.stack": "dev", "inputs.model": "flowers",
		"vars.PULUMI_BACKEND_URL": "", "vars.PREVIEW_BACKEND_URL": "",
		"vars.AWS_ROLE": "arn:aws:iam::123456789012:role/sagehost-test", "vars.AWS_ACCOUNT_ID": "123456789012",
		"vars.AWS_REGION": "eu-west-1",
	}
	r.copyRepository()
	for stack, text := range stacks {
		r.write("Pulumi."+stack+".yaml", text)
	}
	r.git("init", "--quiet", "--initial-branch=main")
	r.commit("The target branch")
	r.git("checkout", "--quiet", "-b", "change")
	for stack, text := range stacks {
		r.write("Pulumi."+stack+".yaml", text+"  sagehost:alerts:\n    emails: [on-call@example.com]\n")
	}
	r.commit("The change")
	r.git("checkout", "--quiet", "main")
	r.git("merge", "--quiet", "--no-ff", "--message", "The merge", "change")
	r.git("clone", "--quiet", "--bare", r.dir, r.origin)
	r.git("remote", "add", "origin", r.origin)
	return r
}

// copyRepository copies what git knows, or would know once it is added.
func (r *runner) copyRepository() {
	r.t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(r.t, err)
	list := exec.CommandContext(r.t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	require.NoError(r.t, err)
	for name := range strings.Lines(string(names)) {
		name = strings.TrimSuffix(name, "\n")
		info, err := os.Stat(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		}
		require.NoError(r.t, err)
		content, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(r.t, err)
		path := filepath.Join(r.dir, name)
		require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(r.t, os.WriteFile(path, content, info.Mode()))
	}
}

func (r *runner) write(name, text string) {
	r.t.Helper()
	require.NoError(r.t, os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600))
}

func (r *runner) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	require.NoError(r.t, err)
	return string(text)
}

func (r *runner) commit(message string) {
	r.t.Helper()
	r.git("add", "--all")
	r.git("commit", "--quiet", "--message", message)
}

// git runs git and returns what it wrote.
func (r *runner) git(args ...string) string {
	r.t.Helper()
	user := []string{"git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}
	out, code := r.command(nil, append(user, args...)...)
	require.Zero(r.t, code, out)
	return strings.TrimSpace(out)
}

// command runs a program with variables on top of the runner's, and returns what it wrote and its exit code.
func (r *runner) command(env map[string]string, args ...string) (string, int) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, os.Environ(), time.Second
	for _, variables := range []map[string]string{r.env, env} {
		for name, value := range variables {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		var exit *exec.ExitError
		require.ErrorAs(r.t, err, &exit, string(out))
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// in is the same runner in a subtest, which is the one to end when something fails there.
func (r *runner) in(t *testing.T) *runner {
	t.Helper()
	same := *r
	same.t = t
	return &same
}

// run runs a script as GitHub's runners do, and returns what it wrote and its exit code.
func (r *runner) run(s script) (string, int) {
	r.t.Helper()
	r.ran.add(s.id())
	env := map[string]string{}
	if role := r.roleOf(&s); role != nil {
		maps.Copy(env, role.env)
	}
	for _, variables := range []map[string]string{s.env, s.step.Env} {
		for name, value := range variables {
			env[name] = expand(r.t, value, r.known)
		}
	}
	return r.command(env, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.step.Run)
}

// job runs the scripts of a job that can run here, of which every one must succeed, and returns what they wrote.
func (r *runner) job(file, name string) string {
	r.t.Helper()
	var all strings.Builder
	for _, s := range named(r.t, file).scripts(name) {
		_, listed := impossible[s.id()]
		// Every script must succeed, so that what is for failures has nothing to do.
		if listed || strings.Contains(s.step.If, "failure()") {
			continue
		}
		out, code := r.run(s)
		require.True(r.t, code == 0 || s.step.Continue, "%s: exit code %d\n%s", s.id(), code, out)
		all.WriteString(out)
	}
	return all.String()
}

// build puts the command in place that this package has built.
func (r *runner) build() {
	r.t.Helper()
	require.NoError(r.t, os.MkdirAll(filepath.Join(r.dir, "bin"), 0o700))
	require.NoError(r.t, os.Symlink(binary, filepath.Join(r.dir, "bin", "sagehost")))
}

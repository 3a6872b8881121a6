package workflows_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/awsprovider"
	"sagehost/internal/awsxprovider"
	"sagehost/internal/deploy"
	"sagehost/internal/github/fakegithub"
	"sagehost/internal/localaws"
	"sagehost/internal/toolchain"
)

var tools toolchain.Tools

func TestMain(m *testing.M) {
	var err error
	tools, err = toolchain.Toolchain{Root: "../..", Progress: os.Stderr}.Ensure(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// stackFile is a stack that is quickly deployed. Its buckets are on an endpoint, where they are paths.
const stackFile = `config:
  aws:region: eu-west-1
  aws:allowedAccountIds: ["123456789012"]
  aws:s3UsePathStyle: "true"
  sagehost:storage:
    forceDestroy: true
`

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

// newRunner makes a checkout: of the merge of a pull request that adds a topic's subscriber to each stack.
func newRunner(t *testing.T, ran *record) *runner {
	t.Helper()
	r := &runner{
		t: t, dir: filepath.Join(t.TempDir(), "models"), origin: filepath.Join(t.TempDir(), "origin.git"),
		github: fakegithub.New(t), ran: ran, env: map[string]string{},
	}
	maps.Copy(r.env, map[string]string{
		"GITHUB_API_URL": r.github.URL, "GITHUB_REPOSITORY": fakegithub.Repository, "GITHUB_SHA": "0123abc",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "42",
		"GITHUB_STEP_SUMMARY": filepath.Join(t.TempDir(), "summary.md"),
		"GITHUB_EVENT_PATH":   filepath.Join(t.TempDir(), "event.json"),
		"SAGEHOST_ADDR":       "127.0.0.1:0",
		"GIT_CONFIG_GLOBAL":   os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	})
	require.NoError(t, os.WriteFile(r.env["GITHUB_EVENT_PATH"], []byte(`{"pull_request":{"number":7}}`), 0o600))
	r.known = map[string]string{
		"github.token": fakegithub.Token, "matrix.stack": "dev", "inputs.model": "flowers",
		"vars.PULUMI_BACKEND_URL": "", "vars.PREVIEW_BACKEND_URL": "",
	}
	r.copyRepository()
	for _, stack := range []string{"dev", "prod"} {
		r.write("Pulumi."+stack+".yaml", stackFile)
	}
	r.git("init", "--quiet", "--initial-branch=main")
	r.commit("The target branch")
	r.git("checkout", "--quiet", "-b", "change")
	r.subscribe("dev")
	r.subscribe("prod")
	r.commit("The change")
	r.git("checkout", "--quiet", "main")
	r.git("merge", "--quiet", "--no-ff", "--message", "The merge", "change")
	r.git("clone", "--quiet", "--bare", r.dir, r.origin)
	r.git("remote", "add", "origin", r.origin)
	return r
}

// subscribe changes a stack.
func (r *runner) subscribe(stack string) {
	r.write("Pulumi."+stack+".yaml", stackFile+"  sagehost:alerts:\n    emails: [on-call@example.com]\n")
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
	out, code := r.command(nil, append([]string{"git"}, args...)...)
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

// run runs a script as GitHub's runners do, and returns what it wrote and its exit code.
func (r *runner) run(s script) (string, int) {
	r.t.Helper()
	r.ran.add(s.id())
	env := map[string]string{}
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
		if _, listed := impossible[s.id()]; listed {
			continue
		}
		out, code := r.run(s)
		require.True(r.t, code == 0 || s.step.Continue, "%s: exit code %d\n%s", s.id(), code, out)
		all.WriteString(out)
	}
	return all.String()
}

// build builds the command where this machine's cache knows all of its parts.
func (r *runner) build() {
	r.t.Helper()
	binary := filepath.Join(r.dir, "bin", "sagehost")
	cmd := exec.CommandContext(r.t.Context(), "go", "build", "-o", binary, "./cmd/sagehost")
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, string(out))
}

// useAWS makes a local AWS of its own stand for the account that the environment leads to, with both stacks created.
func (r *runner) useAWS() {
	r.t.Helper()
	t := r.t
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Root: root})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	awsx, err := awsxprovider.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, awsx.Close()) })
	backend := filepath.Join(t.TempDir(), "backend")
	require.NoError(t, os.MkdirAll(backend, 0o700))
	maps.Copy(r.env, deploy.LocalAWS(server.URL()))
	maps.Copy(r.env, map[string]string{
		"AWS_CA_BUNDLE": "", "AWS_CONFIG_FILE": os.DevNull, "PULUMI_HOME": t.TempDir(), "PULUMI_CONFIG_PASSPHRASE": "test",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true", "PULUMI_DEBUG_PROVIDERS": awsx.Attach(),
		"SAGEHOST_PULUMI": tools.Pulumi,
	})
	for _, name := range []string{"vars.PULUMI_BACKEND_URL", "vars.PREVIEW_BACKEND_URL"} {
		r.known[name] = "file://" + backend
	}
	if tools.AWSPlugin == "" {
		provider, err := awsprovider.Start(t.Context(), awsprovider.Options{
			Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider, Env: deploy.Environ(server.URL()),
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, provider.Close()) })
		r.env["PULUMI_DEBUG_PROVIDERS"] += "," + provider.Attach()
	} else {
		require.NoError(t, os.Symlink(filepath.Dir(tools.AWSPlugin), filepath.Join(r.env["PULUMI_HOME"], "plugins")))
	}
	for _, stack := range []string{"dev", "prod"} {
		out, code := r.command(map[string]string{"PULUMI_BACKEND_URL": "file://" + backend},
			tools.Pulumi, "stack", "init", stack, "--non-interactive")
		require.Zero(t, code, out)
	}
}

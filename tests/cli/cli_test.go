package cli_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestNothingThatIsKilledOrInterruptedNeedsMending kills a creation, interrupts an update, and takes everything down.
// The steps build on each other, because every creation waits for the provider for a minute.
func TestNothingThatIsKilledOrInterruptedNeedsMending(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)

	_, code := c.until("aws:sagemaker:Endpoint flowers creating", func(p *os.Process) {
		time.Sleep(200 * time.Millisecond) // let the request leave the engine
		engine := c.enginePID()
		require.NoError(t, p.Kill())
		require.NoError(t, syscall.Kill(engine, syscall.SIGKILL))
	}, "up")
	require.Equal(t, -1, code, "killed")

	out := c.succeed("up")
	require.Contains(t, out, "An earlier update of stack \"dev\" was killed: taking over its lock.")
	require.Regexp(t, `was killed while it created \d+ resources: looking for them`, out)
	require.Contains(t, out, "sagemaker describe-endpoint --endpoint-name flowers-dev")

	c.edit("scoring:1.0.0", "scoring:1.1.0")
	out, code = c.until("aws:sagemaker:Endpoint flowers updating", func(p *os.Process) {
		require.NoError(t, p.Signal(os.Interrupt))
	}, "up")
	require.Equal(t, 1, code)
	require.Contains(t, out, `stack "dev" was interrupted; the same command again continues from here`)

	require.Contains(t, c.succeed("up"), "Stack dev: ")
	require.Contains(t, c.succeed("up"), "Stack dev: no changes, 144 resources")
	require.Regexp(t, `dev +flowers-dev +InService +flowers-[0-9a-f]{7} +main +1\n`, c.succeed("status"))

	require.NoError(t, syscall.Kill(c.pid("daemon.json"), syscall.SIGKILL))
	require.Contains(t, c.succeed("refresh"), "The local AWS was killed; it goes on where it was.")
	require.Contains(t, c.succeed("up"), "Stack dev: no changes, 144 resources")
	require.Equal(t, "setosa,0.9995617568787971\n", c.succeed("invoke", "flowers", "--data", "5.1,3.5,1.4,0.2"))

	images := filepath.Join(c.dir, ".sagehost", "images.yaml")
	defaults, err := os.ReadFile(images)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(images, append(defaults, "# mine\n"...), 0o600))
	require.Contains(t, c.succeed("down"), "Nothing of the local AWS is left.")
	left, err := os.ReadDir(filepath.Join(c.dir, ".sagehost"))
	require.NoError(t, err)
	require.Len(t, left, 1, "what the user has written stays")
	require.NoError(t, os.WriteFile(images, defaults, 0o600))
	c.succeed("down")
	require.NoDirExists(t, filepath.Join(c.dir, ".sagehost"))
	require.Contains(t, c.succeed("status"), "The local AWS does not run")
}

func TestWhatIsWrongWithTheFileIsSaidBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ from, to, want string }{
		"unknown key": {
			"      variants:", "      variant:",
			"Pulumi.dev.yaml: 2 problems\n" +
				"  sagehost:endpoints.flowers.variant: is an unknown key; did you mean \"variants\"?\n" +
				"  sagehost:endpoints.flowers.variants: has 0 entries; 1 to 10 are allowed\n",
		},
		"instance type": {
			"ml.m5.large", "ml.m5.larg",
			"Pulumi.dev.yaml: 1 problem\n  sagehost:endpoints.flowers.variants[0].instanceType: \"ml.m5.larg\" is not a " +
				"SageMaker hosting instance type; did you mean \"ml.m5.large\"?\n",
		},
		"missing unit": {
			"modelLatency: 500ms", "modelLatency: 500",
			"Pulumi.dev.yaml: 1 problem\n  sagehost:endpoints.flowers.alarms.modelLatency: 500 has no unit; " +
				"expected one like \"90s\", \"5m\" or \"1h30m\"\n",
		},
		"no YAML":       {"config:", "config", "Pulumi.dev.yaml: "},
		"duplicate key": {"  sagehost:storage:", "  aws:region: us-east-1\n  sagehost:storage:", "already"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			c.edit(row.from, row.to)

			out, code := c.command("up")

			require.Equal(t, 1, code)
			require.Contains(t, out, row.want)
			require.NoDirExists(t, filepath.Join(c.dir, ".sagehost"))
		})
	}
}

func TestAnInvocationThatCannotBeSaysWhy(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args []string
		want string
	}{
		"nothing runs": {
			[]string{"invoke", "flowers", "--data", "1"},
			"sagehost: the local AWS does not run; `" + sagehost + " up --stack dev --addr 127.0.0.1:0` starts it\n",
		},
		"nothing to send": {
			[]string{"invoke", "flowers"}, "sagehost: at least one of the flags in the group [data file] is required\n",
		},
		"no such file": {
			[]string{"invoke", "flowers", "--file", "none.csv"}, "sagehost: open none.csv: no such file or directory\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, code := newCheckout(t).command(row.args...)
			require.Equal(t, 1, code)
			require.Equal(t, row.want, out)
		})
	}
}

func TestAMistypedStackIsRefusedWithTheStacksThatThereAre(t *testing.T) {
	t.Parallel()
	out, code := newCheckout(t).command("up", "--stack", "devv")
	require.Equal(t, 1, code)
	require.Equal(t, "sagehost: there is no Pulumi.devv.yaml; the stacks are dev; did you mean \"dev\"?\n", out)
}

func TestOutsideACheckoutTheCommandSaysWhereToRunIt(t *testing.T) {
	t.Parallel()
	c := &checkout{t: t, dir: t.TempDir(), env: os.Environ()}
	out, code := c.command("status")
	require.Equal(t, 1, code)
	require.Equal(t, "sagehost: there is no Pulumi.yaml here or above; run sagehost in a checkout of this project\n", out)
}

func TestTheStateOfALocalAWSThatIsGoneIsPutAside(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	stacks := filepath.Join(c.dir, ".sagehost", "backend", ".pulumi", "stacks", "sagehost")
	require.NoError(t, os.MkdirAll(stacks, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(stacks, "dev.json"), []byte(`{"version": 3}`), 0o600))

	out := c.succeed("preview")

	lost := filepath.Join(c.dir, ".sagehost", "backend.lost")
	require.Contains(t, out, "The local AWS that held the stacks [dev] is gone, and their resources with it. "+
		"Their state is kept in "+lost+"; starting with an empty one.\n")
	require.FileExists(t, filepath.Join(lost, ".pulumi", "stacks", "sagehost", "dev.json"))
	require.Contains(t, out, "Stack dev: 144 to create, 0 unchanged\n")

	c.ask(http.MethodPost, "/_local/reset", "")
	out = c.succeed("preview")
	require.Contains(t, out, "The local AWS that held the stacks [dev] was emptied by a reset, and their resources "+
		"with it. Their state is kept in ")
	require.Contains(t, out, "Stack dev: 144 to create, 0 unchanged\n")
	c.succeed("down")
}

func TestATakenPortIsNamedTogetherWithTheWayAround(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	c := newCheckout(t)
	c.env = append(c.env, "SAGEHOST_ADDR="+taken.Addr().String())

	out, code := c.command("up")

	require.Equal(t, 1, code)
	require.Contains(t, out, "another program listens on "+taken.Addr().String())
	require.Contains(t, out, "SAGEHOST_ADDR=127.0.0.1:<port>")
}

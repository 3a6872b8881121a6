package conformance_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cli is the AWS CLI in a region. It knows nothing of the local AWS but its address.
type cli struct {
	world   *world
	program string
	dir     string
	env     []string
	region  string
}

// newCLI finds the AWS CLI, or skips the test with the reason.
func newCLI(t *testing.T, w *world, region string) *cli {
	t.Helper()
	// The one beside moto starts faster than a version manager's.
	program, err := exec.LookPath(besideMoto("aws"))
	if err != nil {
		program, err = exec.LookPath("aws")
	}
	if err != nil {
		t.Skipf("there is no AWS CLI: %v", err)
	}
	c := &cli{world: w, program: program, dir: t.TempDir(), region: region}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "AWS_") {
			c.env = append(c.env, variable)
		}
	}
	nowhere := filepath.Join(c.dir, "none")
	c.env = append(c.env,
		"AWS_ENDPOINT_URL="+w.url, "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, "AWS_ACCESS_KEY_ID=test",
		"AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=",
		"AWS_CONFIG_FILE="+nowhere, "AWS_SHARED_CREDENTIALS_FILE="+nowhere,
	)
	return c
}

// run is what a command prints, its errors, and its exit code.
func (c *cli) run(t *testing.T, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), c.program, append(arguments, "--output", "json")...)
	command.Dir, command.Env = c.dir, c.env
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return out.String(), strings.TrimSpace(problems.String()), command.ProcessState.ExitCode()
}

// does runs a command that must succeed, and returns the JSON that it prints.
func (c *cli) does(t *testing.T, arguments ...string) string {
	t.Helper()
	stdout, stderr, code := c.run(t, arguments...)
	require.Zero(t, code, "aws %s: %s", strings.Join(arguments, " "), stderr)
	return stdout
}

// answers runs a command that must print this JSON.
func (c *cli) answers(t *testing.T, want string, arguments ...string) {
	t.Helper()
	assert.JSONEq(t, want, c.does(t, arguments...), "aws %s", strings.Join(arguments, " "))
}

// fails runs a command that must end with one of these codes and this error.
func (c *cli) fails(t *testing.T, codes []int, want string, arguments ...string) {
	t.Helper()
	_, stderr, got := c.run(t, arguments...)
	assert.Contains(t, codes, got, "aws %s: %s", strings.Join(arguments, " "), stderr)
	assert.Contains(t, stderr, want, "aws %s", strings.Join(arguments, " "))
}

func (c *cli) file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	require.NoError(t, err)
	return string(text)
}

// arn is that of a resource of SageMaker in the CLI's region, in JSON.
func (c *cli) arn(resource string) string {
	return `"arn:aws:sagemaker:` + c.region + `:123456789012:` + resource + `"`
}

// until asks until an answer of SageMaker contains something. Waiters of the CLI look twice a minute: they are only
// asked once what they wait for is there.
func (c *cli) until(t *testing.T, contains, operation, input string) {
	t.Helper()
	c.world.until(t, contains, jsonRequest("sagemaker", c.region, operation, []byte(input)))
}

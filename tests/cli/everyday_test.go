package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
)

// TestTheCommandsOfADeployedStackDoWhatTheyPromise goes through a day with the dev stack. The steps build on each
// other.
func TestTheCommandsOfADeployedStackDoWhatTheyPromise(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.succeed("preview")
	c.createLogGroup("/aws/sagemaker/Endpoints/flowers-dev")
	out, code := c.command("up")
	require.Equal(t, 1, code)
	require.Contains(t, out, "\nThe log group /aws/sagemaker/Endpoints/flowers-dev was there before the stack.\n")
	lines := indented(t, out)
	require.Regexp(t, `\nStack dev: \d+ created`, c.shell(lines[len(lines)-1]))

	heldOut := filepath.Join("examples", "flowers", "data", "held-out.csv")
	out = c.succeed("evaluate", "flowers", "--data", heldOut, "--label", "species", "--min", "accuracy=0.96")
	require.Regexp(t, `\n  accuracy +0\.966667\n`, out, "29 of 30")
	require.Contains(t, out, "pass: accuracy is 0.966667, wanted at least 0.96\n")
	require.Contains(t, out, `nothing is recorded of model "flowers": stack "dev" does not name a release of it`)
	page, err := os.ReadFile(filepath.Join(c.dir, "reports", "evaluation-flowers-dev", "report.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "data:image/png;base64,")
	require.FileExists(t, filepath.Join(c.dir, "reports", "evaluation-flowers-dev", "metrics.json"))

	run := regexp.MustCompile(`(?m)^running (evaluate-\S+)$`).FindStringSubmatch(out)
	require.NotNil(t, run, out)
	out, code = c.command("evaluate", "flowers", "--data", heldOut, "--label", "species", "--run", run[1],
		"--min", "accuracy=0.97")
	require.Equal(t, 1, code)
	require.NotContains(t, out, "\nrunning ", "the run that has been is compared again")
	require.Contains(t, out, "fail: accuracy is 0.966667, wanted at least 0.97\n")
	out, code = c.command("evaluate", "flowers", "--data", heldOut, "--label", "species", "--max-drop", "auc=0.1")
	require.Equal(t, 3, code, "there is nothing to compare with")
	require.Contains(t, out, "sagehost: evaluation: inconclusive\n")
	out, code = c.command("evaluate", "flowers", "--data", heldOut, "--label", "specie")
	require.Equal(t, 1, code)
	require.Contains(t, out, `has no column "specie" for the label; did you mean "species"?`)

	out, code = c.command("batch", "run", "flowers", "--wait")
	require.Equal(t, 1, code)
	require.Regexp(t, `there are no objects with content beneath s3://sagehost-dev-batch-\w+/flowers-dev/input/`, out)
	list := c.succeed("batch", "list", "flowers")
	require.Regexp(t, `\nevaluate-\w+-\w+ +SUCCEEDED +`, list)
	output := regexp.MustCompile(`s3://\S+/runs/\S+/`).FindString(list)
	out, code = c.command("batch", "run", "flowers", "--input", output)
	require.Equal(t, 1, code)
	require.Contains(t, out, "input "+output+": the batch may read only beneath ")
	require.Contains(t, c.succeed("batch", "logs", "flowers"), "sagemaker:createTransformJob.sync flowers-dev-")

	out, code = c.command("smoke")
	require.Equal(t, 3, code, "nobody has added a model to the garden")
	require.Contains(t, out, "its archive must be added first, with models add")
	c.succeed("models", "add", "garden", "petals", "examples/flowers/petals.tar.gz")
	require.Contains(t, c.succeed("smoke"), "garden-dev: pass\n")
	c.succeed("models", "add", "garden", "acme/petals-1", "examples/flowers/petals.tar.gz")
	require.Regexp(t, `^NAME .*\nacme/petals-1.tar.gz +\d+ .*\npetals.tar.gz +\d+ .*\n$`,
		c.succeed("models", "list", "garden"))
	require.Equal(t, c.succeed("invoke", "garden", "--model", "petals.tar.gz", "--data", "1.4,0.2"),
		c.succeed("invoke", "garden", "--model", "acme/petals-1.tar.gz", "--data", "1.4,0.2"))
	require.Equal(t, "acme/petals-1 is removed. Instances that have loaded it answer with it until they unload it.\n",
		c.succeed("models", "remove", "garden", "acme/petals-1"))
	out, code = c.command("models", "add", "garden", "acme/petals-1", "examples/flowers/petals.tar.gz")
	require.Equal(t, 1, code)
	require.Contains(t, out, `model "acme/petals-1": a model of this name was removed`)

	c.tell("/_local/sagemaker/endpoints/flowers-dev/next-update?region=eu-west-1",
		`{"outcome": "rollback", "reason": "an alarm went off"}`)
	c.edit("scoring:1.0.0", "scoring:1.1.0")
	out, code = c.command("up")
	require.Equal(t, 1, code)
	require.Regexp(t, `SageMaker says of endpoint flowers-dev, which is InService on the configuration `+
		`flowers-[0-9a-f]{7}:\n  .*an alarm went off`, out)
	require.Equal(t, "setosa,0.9995617568787971\n", c.succeed("invoke", "flowers", "--data", "5.1,3.5,1.4,0.2"))

	c.tell("/_local/sagemaker/endpoints/gentoo-dev/next-create?region=eu-west-1", `{"outcome": "capacity"}`)
	c.edit("    penguins:\n      variants:", "    gentoo:\n      variants:")
	out, code = c.command("up")
	require.Equal(t, 1, code)
	require.Contains(t, out, " sagemaker delete-endpoint --endpoint-name gentoo-dev\n")
	out, code = c.command("up")
	require.Equal(t, 1, code, "the engine takes the endpoint for made")
	require.Contains(t, out, "sagehost: everything is deployed, but endpoint gentoo-dev is Failed; "+
		"what mends it is above\n")
	mended := c.mend(out)
	require.Regexp(t, `\nStack dev: \d+ created`, mended)
	require.NotContains(t, mended, "SageMaker says of")

	c.tell("/_local/sagemaker/endpoints/flowers-dev/next-update?region=eu-west-1",
		`{"outcome": "rollback-fails", "reason": "no instances to go back to"}`)
	c.edit("scoring:1.1.0", "scoring:1.2.0")
	out, code = c.command("up")
	require.Equal(t, 1, code)
	require.Contains(t, out, "which is UpdateRollbackFailed on the configuration ")
	c.mend(out)
	require.Regexp(t, `dev +flowers-dev +InService `, c.succeed("status"))
	c.succeed("down")
}

// createLogGroup makes a log group that no stack owns.
func (c *checkout) createLogGroup(name string) {
	c.t.Helper()
	logs := cloudwatchlogs.NewFromConfig(cloud.Local(c.url(), "eu-west-1"))
	_, err := logs.CreateLogGroup(c.t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	require.NoError(c.t, err)
}

// mend runs the commands that follow what SageMaker says of an endpoint, as they were printed.
func (c *checkout) mend(out string) string {
	c.t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		c.succeed("down")
		c.t.Skipf("the commands that mend an endpoint are not run: there is no AWS CLI: %v", err)
	}
	_, said, found := strings.Cut(out, "\nSageMaker says of endpoint ")
	require.True(c.t, found, out)
	_, said, found = strings.Cut(said, "\n  ") // what SageMaker says
	require.True(c.t, found, out)
	return c.shell(indented(c.t, said)...)
}

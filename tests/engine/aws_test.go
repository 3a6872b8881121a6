package engine_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	hosting "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/previewreport"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
)

// remote is a project whose state is in a backend of its own, as on AWS: the environment says where it is, and the
// local AWS stands for the account.
type remote struct {
	*hostingWorld
	project string
}

const remoteFile = `config:
  aws:region: eu-west-1
  aws:allowedAccountIds: ["123456789012"]
  aws:s3UsePathStyle: "true"
`

func newRemote(t *testing.T) *remote {
	t.Helper()
	w := newHosting(t)
	r := &remote{hostingWorld: w, project: t.TempDir()}
	backend := filepath.Join(t.TempDir(), "backend")
	require.NoError(t, os.MkdirAll(backend, 0o700))
	w.env["PULUMI_BACKEND_URL"] = "file://" + backend
	w.env["PULUMI_CONFIG_PASSPHRASE"] = "remote"
	w.env["PULUMI_HOME"] = t.TempDir()
	w.env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
	if tools.AWSPlugin != "" {
		require.NoError(t, os.Symlink(filepath.Dir(tools.AWSPlugin), filepath.Join(w.env["PULUMI_HOME"], "plugins")))
	}
	project, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(r.project, "Pulumi.yaml"), project, 0o600))
	r.settings(t, remoteFile)
	return r
}

// settings writes the file of the stack "test", and keeps the key that belongs to it.
func (r *remote) settings(t *testing.T, text string) {
	t.Helper()
	path := filepath.Join(r.project, "Pulumi.test.yaml")
	if before, err := os.ReadFile(path); err == nil {
		for line := range strings.Lines(string(before)) {
			if strings.HasPrefix(line, "encryptionsalt:") {
				text += line
			}
		}
	}
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// pulumi runs a command of the Pulumi CLI, which must succeed.
func (r *remote) pulumi(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tools.Pulumi, append(args, "--non-interactive")...)
	cmd.Dir, cmd.Env = r.project, os.Environ()
	for name, value := range r.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func (r *remote) openAWS(t *testing.T, program pulumi.RunFunc) (*deploy.Stack, error) {
	t.Helper()
	file, err := stackfile.Load(r.project, "test")
	require.NoError(t, err)
	return deploy.OpenAWS(t.Context(), deploy.Options{
		File: file, Program: program, Pulumi: tools.Pulumi, Dir: r.project, Env: r.env, Out: &r.out,
	})
}

func (r *remote) stack(t *testing.T, program pulumi.RunFunc) *deploy.Stack {
	t.Helper()
	stack, err := r.openAWS(t, program)
	require.NoError(t, err)
	return stack
}

// TestAStackOnAWSIsDeployedComparedAndNeverDestroyed follows a stack whose backend, secrets and account the environment
// and its file decide. The steps build on each other.
func TestAStackOnAWSIsDeployedComparedAndNeverDestroyed(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	_, err := r.openAWS(t, program("1"))
	require.EqualError(t, err, "stack \"test\" is not in the backend; `pulumi stack init test` creates it, "+
		"see \"A new environment\" in docs/delivery.md")
	before, err := os.ReadFile(filepath.Join(r.project, "Pulumi.yaml"))
	require.NoError(t, err)
	r.pulumi(t, "stack", "init", "test")

	created, _, err := r.stack(t, program("1", "data")).Up(t.Context())
	require.NoError(t, err, r.out.String())
	require.Equal(t, map[string]int{"create": 13}, created)
	again, _, err := r.stack(t, program("1", "data")).Up(t.Context())
	require.NoError(t, err, r.out.String())
	require.Equal(t, map[string]int{"same": 13}, again)
	after, err := os.ReadFile(filepath.Join(r.project, "Pulumi.yaml"))
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the project's file is left as it is")

	t.Run("a preview says which endpoint is updated, how, and from what to what", r.preview)
	t.Run("a preview that fails says why", r.failedPreview)
	t.Run("drift is found and changes nothing", r.drift)
	t.Run("another account is refused", func(t *testing.T) {
		r.settings(t, strings.Replace(remoteFile, "123456789012", "210987654321", 1))
		_, err := r.stack(t, program("2")).Preview(t.Context())
		require.Error(t, err)
		require.Contains(t, r.out.String(), "123456789012")
		r.settings(t, remoteFile)
	})
	t.Run("a locked stack is not taken over", r.lock)
	t.Run("nothing is destroyed", func(t *testing.T) {
		require.EqualError(t, r.stack(t, program("1")).Destroy(t.Context()),
			`stack "test" is on AWS, where nothing is destroyed from here`)
		require.Equal(t, 1, r.clients.count(t)["endpoints"])
	})
}

func (r *remote) preview(t *testing.T) {
	collector := previewreport.NewCollector(previewreport.Preview, "test")
	changes, err := r.stack(t, program("2")).Preview(t.Context(), collector.Tell)
	require.NoError(t, err, r.out.String())
	report := collector.Report(err)

	require.Equal(t, map[string]int{"delete": 1, "replace": 2, "same": 6, "update": 4}, changes)
	require.Equal(t, []previewreport.Endpoint{{
		Name: "flowers", InAWS: "flowers-test", Op: "update",
		How: "canary: 50 % of the capacity first, 300 s of watching after it",
		Models: []previewreport.Model{{Name: "flowers", Differences: []previewreport.Difference{
			{
				What: "image", From: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1",
				To: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:2",
			},
			{What: "release", From: "release-of-1", To: "release-of-2"},
		}}},
	}}, report.Endpoints)
	text, err := report.Encode()
	require.NoError(t, err)
	require.NotContains(t, string(text), plainSecret)
	require.NotContains(t, report.Markdown(), plainSecret)
	require.Contains(t, report.Markdown(), "everything encrypted under it")
	require.Contains(t, report.Markdown(), "**4 to update**, **2 to replace**, **1 to delete**, 6 unchanged.")
	require.Equal(t, 1, r.clients.count(t)["models"], "a preview changes nothing")
}

func (r *remote) failedPreview(t *testing.T) {
	collector := previewreport.NewCollector(previewreport.Preview, "test")
	_, err := r.stack(t, func(ctx *pulumi.Context) error {
		_, err := hosting.NewModel(ctx, "flowers", &hosting.ModelArgs{ExecutionRoleArn: pulumi.String("no ARN")})
		return err
	}).Preview(t.Context(), collector.Tell)
	require.Error(t, err)
	report := collector.Report(err)
	require.True(t, report.Failed)
	require.Contains(t, strings.Join(report.Errors, "\n"), "no ARN")
}

func (r *remote) drift(t *testing.T) {
	look := func() *previewreport.Report {
		collector := previewreport.NewCollector(previewreport.Drift, "test")
		_, err := r.stack(t, program("1")).Drift(t.Context(), collector.Tell)
		require.NoError(t, err, r.out.String())
		return collector.Report(err)
	}
	require.False(t, look().Drifted())
	targets, err := r.clients.targets(t.Context())
	require.NoError(t, err)
	require.Len(t, targets, 1)
	_, err = r.clients.scaling.RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: targets[0].ServiceNamespace, ResourceId: targets[0].ResourceId,
		ScalableDimension: targets[0].ScalableDimension, MinCapacity: aws.Int32(2),
	})
	require.NoError(t, err)
	require.False(t, look().Drifted(), "that is what the schedule does")
	arn := r.clients.endpoint(t, "flowers-test").EndpointArn
	_, err = r.clients.sagemaker.AddTags(t.Context(), &sagemaker.AddTagsInput{
		ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("by"), Value: aws.String("hand")}},
	})
	require.NoError(t, err)
	for range 2 { // nothing is written: the second look finds the same
		report := look()
		require.Len(t, report.Changes, 1)
		require.Equal(t, "update", report.Changes[0].Op)
		require.Equal(t, "flowers", report.Changes[0].Name)
		require.True(t, slices.ContainsFunc(report.Changes[0].Properties, func(property string) bool {
			return strings.HasPrefix(property, "tags")
		}), "%v", report.Changes[0].Properties)
	}
	_, err = r.clients.sagemaker.DeleteTags(t.Context(), &sagemaker.DeleteTagsInput{
		ResourceArn: arn, TagKeys: []string{"by"},
	})
	require.NoError(t, err)
}

// lock leaves the lock of an update that was killed.
func (r *remote) lock(t *testing.T) {
	dir := filepath.Join(strings.TrimPrefix(r.env["PULUMI_BACKEND_URL"], "file://"),
		".pulumi", "locks", "organization", "sagehost", "test")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "killed.json"),
		[]byte(`{"pid":1,"username":"runner","hostname":"elsewhere","timestamp":"2026-11-23T10:00:00Z"}`), 0o600))
	_, _, err := r.stack(t, program("1")).Up(t.Context())
	require.Error(t, err)
	require.Contains(t, r.out.String(), `see "A lock that is stuck" in docs/runbooks.md`)

	r.pulumi(t, "cancel", "--yes", "--stack", "test")
	_, _, err = r.stack(t, program("1", "data")).Up(t.Context())
	require.NoError(t, err, r.out.String())
}

package engine_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/stacks/bootstrap"
)

// TestAnAccountIsSetUpAndAStackKeepsItsStateThere sets up an account, and then deploys a stack whose state is in the
// bucket, and whose secrets are under the key, that the account has by then.
func TestAnAccountIsSetUpAndAStackKeepsItsStateThere(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	file, err := stackfile.Load(filepath.Join(root, "bootstrap"), "example")
	require.NoError(t, err)
	_, outputs, err := r.openProgram(file, bootstrap.Run).Up(t.Context())
	require.NoError(t, err, r.out.String())
	again, _, err := r.openProgram(file, bootstrap.Run).Up(t.Context())
	require.NoError(t, err, r.out.String())
	require.Len(t, again, 1, "a second update changes nothing: %v", again)

	providers, err := r.clients.iam.ListOpenIDConnectProviders(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, providers.OpenIDConnectProviderList, 1)
	roles, err := r.clients.iam.ListRoles(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, roles.Roles, 3)
	for _, role := range roles.Roles {
		require.Equal(t, int32(14400), *role.MaxSessionDuration)
		attached, err := r.clients.iam.ListAttachedRolePolicies(t.Context(),
			&iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(attached.AttachedPolicies), 5)
	}

	url, ok := outputs["backendUrl"].(string)
	require.True(t, ok)
	host := strings.TrimPrefix(r.aws.URL(), "http://")
	r.env["PULUMI_BACKEND_URL"] = url + "&endpoint=" + host + "&disable_https=true&s3ForcePathStyle=true"
	delete(r.env, "PULUMI_CONFIG_PASSPHRASE")
	byStack, ok := outputs["secretsProviders"].(map[string]any)
	require.True(t, ok)
	ofDev, ok := byStack["dev"].(string)
	require.True(t, ok)
	provider := strings.Replace(ofDev, "context_stack=dev", "context_stack=test", 1)
	r.pulumi(t, "stack", "init", "test", "--secrets-provider", provider)
	settings, err := os.ReadFile(filepath.Join(r.project, "Pulumi.test.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(settings), "secretsprovider: "+provider)

	program := func(ctx *pulumi.Context) error {
		_, err := ssm.NewParameter(ctx, "token", &ssm.ParameterArgs{
			Type: pulumi.String("SecureString"), Value: pulumi.ToSecret(pulumi.String(plainSecret)).(pulumi.StringOutput),
		})
		return err
	}
	_, _, err = r.stack(t, program).Up(t.Context())
	require.NoError(t, err, r.out.String())

	bucket := strings.TrimPrefix(strings.Split(url, "?")[0], "s3://")
	states, err := r.clients.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
	require.NoError(t, err)
	var kept []string
	for _, object := range states.Contents {
		require.True(t, inTheRolesReach(*object.Key), "the deployer's role does not reach %s", *object.Key)
		kept = append(kept, *object.Key)
	}
	require.Contains(t, kept, ".pulumi/stacks/sagehost/test.json")
	state, err := r.clients.s3.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: &bucket, Key: aws.String(".pulumi/stacks/sagehost/test.json"),
	})
	require.NoError(t, err)
	text, err := io.ReadAll(state.Body)
	require.NoError(t, err)
	require.NotContains(t, string(text), plainSecret)

	// Who may decrypt as another stack decrypts nothing of this one.
	other := strings.Replace(string(settings), provider, ofDev, 1)
	require.NotEqual(t, string(settings), other)
	require.NoError(t, os.WriteFile(filepath.Join(r.project, "Pulumi.test.yaml"), []byte(other), 0o600))
	_, _, err = r.stack(t, program).Up(t.Context())
	require.Error(t, err)
	require.Contains(t, r.out.String(), "InvalidCiphertext")
}

// inTheRolesReach reports whether a key is among those that a role may use that acts on the stack "test".
func inTheRolesReach(key string) bool {
	for _, pattern := range []string{
		".pulumi/meta.yaml", ".pulumi/stacks/sagehost/test.json", ".pulumi/history/sagehost/test/",
		".pulumi/backups/sagehost/test/", ".pulumi/locks/organization/sagehost/test/",
	} {
		if strings.HasPrefix(key, pattern) {
			return true
		}
	}
	return false
}

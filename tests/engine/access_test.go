package engine_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/components/access"
	"sagehost/components/discovery"
	"sagehost/components/encryption"
)

// everyKind is a stack of every kind of resource that the repository's stacks consist of.
const everyKind = `config:
  aws:region: eu-west-1
  sagehost:storage:
    forceDestroy: true
  sagehost:alerts:
    emails: [on-call@example.com]
  sagehost:models:
    flowers:
      image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0
      artifactFile: examples/flowers/model.tar.gz
  sagehost:endpoints:
    flowers:
      variants:
        - name: main
          model: flowers
          instanceType: ml.m5.large
          scaling:
            min: 1
            max: 2
            loadTest: {maxRequestsPerSecond: 20}
            schedules:
              - {name: morning, schedule: "cron(0 7 * * ? *)", min: 2, max: 2}
  sagehost:batch:
    nightly: {model: flowers, instanceType: ml.m5.large, schedule: rate(1 day)}
    arrivals: {model: flowers, instanceType: ml.m5.large, arrivals: true}
`

// TestADeployerMayDoWhatADeploymentAsks records what the provider asks of AWS while stacks are created, refreshed,
// changed and destroyed, and holds it against the deployer's policy.
func TestADeployerMayDoWhatADeploymentAsks(t *testing.T) {
	t.Parallel()
	w, recorded := newRecordedWorld(t)
	w.newBoundary(t, "audit")
	changes := strings.NewReplacer("scoring:1.0.0", "scoring:1.1.0", "arrivals: true", "arrivals: true, paused: true",
		"rate(1 day)", "rate(2 days)")
	for _, settings := range []string{everyKind, changes.Replace(everyKind)} {
		w.up(w.file("audit", settings))
	}
	file := w.file("audit", everyKind)
	_, err := w.open(file).Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	require.NoError(t, w.open(file).Destroy(t.Context()), w.out.String())

	actions := requireGranted(t, recorded, "audit")
	require.Subset(t, actions, []string{"sagemaker:UpdateEndpoint", "application-autoscaling:DeregisterScalableTarget"})
}

// newBoundary makes the permissions boundary that the bootstrap makes.
func (w *world) newBoundary(t *testing.T, stack string) {
	t.Helper()
	document, err := access.Boundary().Policy(access.Scope{
		Partition: "aws", Region: region, Account: "123456789012", Project: "sagehost", Stack: stack,
	})
	require.NoError(t, err)
	_, err = w.clients.iam.CreatePolicy(t.Context(), &iam.CreatePolicyInput{
		PolicyName: new(access.BoundaryName("sagehost", stack)), Path: new(access.BoundaryPath()),
		PolicyDocument: new(string(document)),
	})
	require.NoError(t, err)
}

// requireGranted expects that the policy of a stack's deployer allows every request that was recorded, and returns
// their actions.
func requireGranted(t *testing.T, recorded *calls, stack string) []string {
	t.Helper()
	made, unknown := recorded.all()
	require.Empty(t, unknown, "requests of which no action is known")
	var actions []string
	for _, asked := range made {
		actions = append(actions, asked.action)
		// Everybody may ask who they are.
		if asked.action != "sts:GetCallerIdentity" {
			require.True(t, asked.granted(stack), "the deployer's policy lacks %+v", asked)
		}
	}
	return actions
}

// granted reports whether the policy of a stack's deployer allows the request. AWS checks an action that makes
// something out of others on all of them: what is new must have its tag whatever another grant says of the others,
// whose tags follow from the requests that made them.
func (c *call) granted(stack string) bool {
	some := false
	for _, grant := range access.Grants() {
		if grant.Deny || !slices.Contains(grant.Actions, c.action) {
			continue
		}
		if tagged := c.tags(&grant, stack); !tagged && !c.changes() {
			return false
		} else if tagged && c.within(&grant, stack) && c.bounded(&grant, stack) {
			some = true
		}
	}
	return some
}

// changes reports whether the request is about what is there already, although its action can also make something.
func (c *call) changes() bool {
	return strings.Contains(c.action, "Tag") ||
		c.action == "application-autoscaling:RegisterScalableTarget" && c.stack == ""
}

// tags reports whether the request gives the tag that a grant demands.
func (c *call) tags(g *access.Grant, stack string) bool {
	for _, values := range g.Conditions {
		if wanted, ok := values["aws:RequestTag/sagehost:stack"]; ok {
			return strings.Replace(wanted, "{stack}", stack, 1) == c.stack
		}
	}
	return true
}

// within reports whether a role or policy is made on the path that the grant is for.
func (c *call) within(g *access.Grant, stack string) bool {
	there := strings.NewReplacer("{project}", "sagehost", "{stack}", stack)
	kind := strings.ToLower(strings.TrimPrefix(c.action, "iam:Create"))
	return c.path == "" || slices.ContainsFunc(g.Resources, func(arn string) bool {
		return strings.HasSuffix(there.Replace(arn), ":"+kind+c.path+"*")
	})
}

// bounded reports whether the request makes a role with the permissions boundary that a grant demands. Of other
// requests about roles, the boundary follows from the one that made the role.
func (c *call) bounded(g *access.Grant, stack string) bool {
	wanted := g.Conditions["StringEquals"]["iam:PermissionsBoundary"]
	return c.action != "iam:CreateRole" || wanted != "" && c.boundary == boundaryOf(stack)
}

// boundaryOf is the ARN of the permissions boundary of a stack's roles.
func boundaryOf(stack string) string {
	return access.BoundaryARN(access.Scope{
		Partition: "aws", Account: "123456789012", Project: "sagehost", Stack: stack,
	})
}

// TestTheRecordTellsWhatADeployerLacks holds what holds the others.
func TestTheRecordTellsWhatADeployerLacks(t *testing.T) {
	t.Parallel()
	for c, want := range map[call]bool{
		{"iam:CreateRole", "audit", "/sagehost/audit/", boundaryOf("audit")}: true,
		{"iam:CreateRole", "audit", "/sagehost/audit/", boundaryOf("dev")}:   false,
		{"iam:CreateRole", "audit", "/sagehost/audit/", ""}:                  false,
		{"iam:CreateRole", "audit", "/sagehost/dev/", boundaryOf("audit")}:   false,
		{"iam:CreateRole", "audit", "/", boundaryOf("audit")}:                false,
		{"iam:CreateUser", "", "", ""}:                                       false,
		{"kms:CreateKey", "audit", "", ""}:                                   true,
		{"kms:CreateKey", "dev", "", ""}:                                     false,
		{"sagemaker:CreateModel", "audit", "", ""}:                           true,
		{"sagemaker:CreateModel", "", "", ""}:                                false,
		{"sagemaker:DeleteModel", "", "", ""}:                                true,
		{"sagemaker:CreateModelPackageGroup", "dev", "", ""}:                 false,
		{"ec2:CreateVpc", "audit", "", ""}:                                   true,
		{"ec2:CreateVpc", "", "", ""}:                                        false,
		{"ec2:CreateRoute", "", "", ""}:                                      true, // by the tag of the table
		{"ec2:CreateTags", "", "", ""}:                                       true, // by the tag that is there
		{"application-autoscaling:RegisterScalableTarget", "", "", ""}:       true, // by the tag that is there
		{"application-autoscaling:RegisterScalableTarget", "dev", "", ""}:    false,
		{"application-autoscaling:PutScalingPolicy", "", "", ""}:             true,
		{"application-autoscaling:DescribeEverything", "", "", ""}:           false,
	} {
		require.Equal(t, want, c.granted("audit"), "%+v", c)
	}
}

// TestKeysParametersAndCallersAreMade deploys what no stack has by default.
func TestKeysParametersAndCallersAreMade(t *testing.T) {
	t.Parallel()
	w, recorded := newRecordedWorld(t)
	program := func(ctx *pulumi.Context) error {
		tags := pulumi.StringMap{"sagehost:stack": pulumi.String("audit")}
		if _, err := encryption.New(ctx, "sagehost-audit", &encryption.Args{
			Spec: encryption.Spec{Enabled: true}, Tags: tags,
		}); err != nil {
			return err
		}
		if _, err := discovery.New(ctx, "flowers", &discovery.Args{
			ParameterName: discovery.ParameterName("sagehost", "audit", "flowers"),
			EndpointName:  pulumi.String("flowers-audit"), Tags: tags,
		}); err != nil {
			return err
		}
		_, err := access.NewCaller(ctx, "shop", &access.CallerArgs{
			CallerSpec: access.CallerSpec{
				TargetModels: []string{"shop/*"}, TrustedRoles: []string{"arn:aws:iam::210987654321:role/shop"},
			},
			EndpointARN: pulumi.String("arn:aws:sagemaker:eu-west-1:123456789012:endpoint/flowers-audit"),
			Path:        "/sagehost/audit/", PermissionsBoundary: boundaryOf("audit"), Tags: tags,
		})
		return err
	}
	file := w.file("audit", "config:\n  aws:region: eu-west-1\n")
	stack := func() map[string]int {
		changes, _, err := w.openProgram(file, program).Up(t.Context())
		require.NoError(t, err, w.out.String())
		return changes
	}
	require.Equal(t, map[string]int{"create": 10}, stack())
	require.Equal(t, map[string]int{"same": 10}, stack(), "a second update changes nothing")

	var parameter struct{ Parameter struct{ Value, Type string } }
	w.ask(t, "ssm", "AmazonSSM.GetParameter", `{"Name": "/sagehost/audit/endpoints/flowers"}`, &parameter)
	require.Equal(t, "flowers-audit", parameter.Parameter.Value)
	require.Equal(t, "String", parameter.Parameter.Type)
	var described struct {
		KeyMetadata struct{ KeyID, KeyState string }
	}
	w.ask(t, "kms", "TrentService.DescribeKey", `{"KeyId": "alias/sagehost-audit"}`, &described)
	require.Equal(t, "Enabled", described.KeyMetadata.KeyState)
	var rotation struct{ KeyRotationEnabled bool }
	w.ask(t, "kms", "TrentService.GetKeyRotationStatus", `{"KeyId": "`+described.KeyMetadata.KeyID+`"}`, &rotation)
	require.True(t, rotation.KeyRotationEnabled)
	require.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Action": ["sagemaker:InvokeEndpoint"],
		"Resource": ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/flowers-audit"],
		"Condition": {"StringLike": {"sagemaker:TargetModel": "shop/*"}}
	}]}`, w.attachedPolicy(t))

	require.NoError(t, w.openProgram(file, program).Destroy(t.Context()), w.out.String())
	w.ask(t, "kms", "TrentService.DescribeKey", `{"KeyId": "`+described.KeyMetadata.KeyID+`"}`, &described)
	require.Equal(t, "PendingDeletion", described.KeyMetadata.KeyState)
	requireGranted(t, recorded, "audit")
}

// ask asks a service that has no client here: the request is in AWS's JSON protocol.
func (w *world) ask(t *testing.T, service, target, body string, answer any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.aws.URL(), strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=test/20261123/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", target)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, text.String())
	require.NoError(t, json.Unmarshal(text.Bytes(), answer))
}

// attachedPolicy is the document of the only managed policy that is attached to the only role.
func (w *world) attachedPolicy(t *testing.T) string {
	t.Helper()
	roles, err := w.clients.iam.ListRoles(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, roles.Roles, 1)
	attached, err := w.clients.iam.ListAttachedRolePolicies(t.Context(),
		&iam.ListAttachedRolePoliciesInput{RoleName: roles.Roles[0].RoleName})
	require.NoError(t, err)
	require.Len(t, attached.AttachedPolicies, 1)
	arn := attached.AttachedPolicies[0].PolicyArn
	policy, err := w.clients.iam.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: arn})
	require.NoError(t, err)
	version, err := w.clients.iam.GetPolicyVersion(t.Context(),
		&iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: policy.Policy.DefaultVersionId})
	require.NoError(t, err)
	document, err := url.QueryUnescape(*version.PolicyVersion.Document)
	require.NoError(t, err)
	return document
}

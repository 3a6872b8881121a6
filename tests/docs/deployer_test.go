package docs_test

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/access"
)

func TestTheDeployersPolicyIsWhatTheCodeSays(t *testing.T) {
	t.Parallel()
	var files []string
	for _, part := range access.Parts() {
		file := "../../docs/deployer-policy-" + part.Name + ".json"
		requireGenerated(t, file, part)
		files = append(files, file)
	}
	requireGenerated(t, "../../docs/permissions-boundary.json", access.Boundary())
	there, err := filepath.Glob("../../docs/deployer-policy*")
	require.NoError(t, err)
	assert.ElementsMatch(t, files, there)
}

func requireGenerated(t *testing.T, file string, part access.Part) {
	t.Helper()
	want, err := part.Policy(access.Template())
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(file, want, 0o600))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(have), "run `make golden`")
}

// Whoever sets a deployer up reads here which policies there are.
func TestAPageNamesEveryPartOfTheDeployersPolicy(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/guarantees.md")
	require.NoError(t, err)
	for _, part := range access.Parts() {
		assert.Contains(t, string(page), "(deployer-policy-"+part.Name+".json)", part.Name)
	}
}

// declared is what a stack of the repository declares.
type declared struct {
	typ, name string
	inputs    map[string]any
}

// stacksOf are the resources of AWS in the repository's stacks, by stack.
func stacksOf(t *testing.T) map[string][]declared {
	t.Helper()
	files, err := filepath.Glob("../stacks/testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	stacks := map[string][]declared{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var graph struct {
			Resources []struct {
				URN    string
				Inputs map[string]any
			}
		}
		require.NoError(t, json.Unmarshal(text, &graph))
		stack := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, resource := range graph.Resources {
			parts := strings.Split(resource.URN, "::")
			if typ := parts[2][strings.LastIndexByte(parts[2], '$')+1:]; strings.HasPrefix(typ, "aws:") {
				stacks[stack] = append(stacks[stack], declared{typ, parts[3], resource.Inputs})
			}
		}
		require.NotEmpty(t, stacks[stack])
	}
	return stacks
}

func TestTheDeployersPolicyKnowsEveryTypeOfResource(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, grant := range access.Grants() {
		for _, typ := range grant.Types {
			known[typ] = true
		}
	}
	for stack, resources := range stacksOf(t) {
		for _, resource := range resources {
			assert.True(t, known[resource.typ], "no grant is for %s, as in %s", resource.typ, stack)
		}
	}
}

// named begins the ARNs, without partition, of what the policy tells apart by name.
var named = map[string]string{
	"aws:iam/policy:Policy":                  "iam::{account}:policy",
	"aws:iam/role:Role":                      "iam::{account}:role",
	"aws:cloudwatch/logGroup:LogGroup":       "logs:{region}:{account}:log-group:",
	"aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:",
	"aws:s3/bucketV2:BucketV2":               "s3:::",
	"aws:sagemaker/endpoint:Endpoint":        "sagemaker:{region}:{account}:endpoint/",
	"aws:sns/topic:Topic":                    "sns:{region}:{account}:",
	"aws:ssm/parameter:Parameter":            "ssm:{region}:{account}:parameter",
}

func TestTheDeployersPolicyFitsTheNamesOfTheStacks(t *testing.T) {
	t.Parallel()
	checked := map[string]int{}
	for stack, resources := range stacksOf(t) {
		for _, resource := range resources {
			prefix, ok := named[resource.typ]
			if !ok {
				continue
			}
			// Pulumi makes a name of the logical one where none is given.
			name, ok := resource.inputs["name"].(string)
			if !ok {
				name = resource.name + "-0123abc"
			}
			if path, ok := resource.inputs["path"].(string); ok {
				name = path + name
			}
			checked[resource.typ]++
			assert.True(t, granted(t, resource.typ, prefix+name, stack), "no grant fits %s of %s", prefix+name, stack)
		}
	}
	assert.Len(t, checked, 8)
}

// untagged are the types that AWS has no tags for: the policy tells them by what they belong to.
var untagged = map[string]bool{
	"aws:ec2/route:Route": true, "aws:ec2/routeTableAssociation:RouteTableAssociation": true, "aws:kms/alias:Alias": true,
	"aws:appautoscaling/policy:Policy": true, "aws:appautoscaling/scheduledAction:ScheduledAction": true,
}

// Where there is no name to tell what is the stack's, the policy does so by this tag.
func TestTheDeployersPolicyFitsTheTagsOfTheStacks(t *testing.T) {
	t.Parallel()
	const tag = "sagehost:stack"
	told := map[string]bool{}
	for _, grant := range access.Grants() {
		for _, values := range grant.Conditions {
			if values["aws:RequestTag/"+tag]+values["aws:ResourceTag/"+tag] != "" {
				for _, typ := range grant.Types {
					told[typ] = !untagged[typ]
				}
			}
		}
	}
	checked := map[string]int{}
	for stack, resources := range stacksOf(t) {
		for _, resource := range resources {
			if !told[resource.typ] {
				continue
			}
			tags, ok := resource.inputs["tags"].(map[string]any)
			require.True(t, ok, resource.name)
			assert.Equal(t, stack, tags[tag], resource.name)
			checked[resource.typ]++
		}
	}
	for _, typ := range []string{
		"aws:ec2/securityGroup:SecurityGroup", "aws:kms/key:Key", "aws:sagemaker/model:Model",
		"aws:sagemaker/endpointConfiguration:EndpointConfiguration",
	} {
		assert.GreaterOrEqual(t, checked[typ], 2, typ)
	}
	assert.Len(t, checked, 11)
}

// granted reports whether a grant for a type fits an ARN. An asterisk in a policy stands for slashes, too.
func granted(t *testing.T, typ, arn, stack string) bool {
	t.Helper()
	flat := strings.NewReplacer("/", "|", "{project}", "sagehost", "{stack}", stack)
	for _, grant := range access.Grants() {
		for _, pattern := range grant.Resources {
			fits, err := path.Match(flat.Replace(pattern), flat.Replace(arn))
			require.NoError(t, err)
			if fits && !grant.Deny && slices.Contains(grant.Types, typ) {
				return true
			}
		}
	}
	return false
}

package harness

import (
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// recorder stands in for the engine. Registrations arrive concurrently.
type recorder struct {
	mutex     sync.Mutex
	resources []Resource
	preview   bool
	stack     string
	reports   map[string]resource.PropertyMap
	answers   map[string]map[string]map[string]any // by function and ID
}

var _ pulumi.MockResourceMonitor = (*recorder)(nil)

// NewResource records a registration and answers with what the provider would fill in: a name and an ARN that differ
// for each resource, so that wiring the wrong one shows.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	recorded := Resource{
		Type:   args.TypeToken,
		Name:   args.Name,
		Parent: args.RegisterRPC.GetParent(),
		Custom: args.Custom,
		Inputs: r.inputs(args),

		Protect:      args.RegisterRPC.GetProtect(),
		Dependencies: args.RegisterRPC.GetDependencies(),
	}
	recorded.URN = urn(r.stack, recorded)
	if !ofPlugin(recorded) {
		r.resources = append(r.resources, recorded)
	}
	state := args.Inputs.Copy()
	if r.preview {
		return "", state, nil
	}
	if !args.Custom {
		if args.TypeToken == vpcType {
			maps.Copy(state, vpcOutputs(r.stack))
		}
		return "", state, nil
	}
	short := args.TypeToken[strings.LastIndexByte(args.TypeToken, ':')+1:]
	name := args.Name + "-" + strings.ToLower(short)
	for _, property := range []resource.PropertyKey{"name", "bucket"} {
		if _, given := state[property]; !given {
			state[property] = resource.NewProperty(name)
		}
	}
	if _, given := state["arn"]; !given {
		state["arn"] = resource.NewProperty(fmt.Sprintf("arn:%s:test:%s:%s:%s", Partition, Region, Account, name))
	}
	maps.Copy(state, r.reports[args.TypeToken])
	return name + "-id", state, nil
}

// Unknown stands in the inputs of a preview for what is known only once another resource is there.
const Unknown = "(unknown)"

// inputs are what the program asked for. The SDK's own view of them leaves out what is unknown.
func (r *recorder) inputs(args pulumi.MockResourceArgs) map[string]any {
	if !r.preview {
		return args.Inputs.Mappable()
	}
	all, err := plugin.UnmarshalProperties(args.RegisterRPC.GetObject(), plugin.MarshalOptions{KeepUnknowns: true})
	if err != nil {
		return args.Inputs.Mappable()
	}
	return all.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		return Unknown, v.IsComputed() || v.IsOutput()
	})
}

// Call answers what a component may look up. An unknown function is an error, so that none is called unnoticed.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	answers := map[string]map[string]any{
		"aws:index/getPartition:getPartition":           {"partition": Partition, "dnsSuffix": "amazonaws.com.cn"},
		"aws:index/getRegion:getRegion":                 {"name": Region, "id": Region},
		"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": Account, "id": Account},
	}
	answer, known := answers[args.Token]
	if id := args.Args["id"]; !known && id.IsString() {
		answer, known = r.answers[args.Token][id.StringValue()]
	}
	if arn := args.Args["arn"]; args.Token == "aws:iam/getPolicy:getPolicy" && arn.IsString() {
		if answer, known = r.answers[args.Token][arn.StringValue()]; !known {
			return nil, fmt.Errorf("reading IAM Policy (%s): couldn't find resource", arn.StringValue())
		}
	}
	if !known {
		return nil, fmt.Errorf("the harness has no answer to %s", args.Token)
	}
	return resource.NewPropertyMapFromMap(answer), nil
}

// urn is the name that the engine would give to the resource.
func urn(stack string, r Resource) string {
	types := r.Type
	if i := strings.LastIndex(r.Parent, "::"); i >= 0 {
		path := strings.Split(r.Parent, "::")
		if parentType := path[2]; parentType != string(resource.RootStackType) {
			types = parentType + "$" + r.Type
		}
	}
	return strings.Join([]string{"urn:pulumi:" + stack, Project, types, r.Name}, "::")
}

// Package declared shows what a program declares, for the examples of components: their programs run without an engine
// and without AWS.
package declared

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// By lists the resources of AWS that a program declares, "type name" on each line, sorted; or it is the program's
// error.
func By(program pulumi.RunFunc) string {
	m := &monitor{found: map[string]bool{}}
	if err := pulumi.RunErr(program, pulumi.WithMocks("example", "dev", m)); err != nil {
		return err.Error()
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return strings.Join(slices.Sorted(maps.Keys(m.found)), "\n")
}

// monitor stands in for the engine. Registrations arrive concurrently.
type monitor struct {
	mutex sync.Mutex
	found map[string]bool
}

// NewResource answers with what AWS fills in: a name and an ARN.
func (m *monitor) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	state := args.Inputs.Copy()
	for _, property := range []resource.PropertyKey{"name", "arn"} {
		if _, given := state[property]; !given {
			state[property] = resource.NewProperty(args.Name)
		}
	}
	if args.Custom {
		m.mutex.Lock()
		defer m.mutex.Unlock()
		m.found[args.TypeToken+" "+args.Name] = true
	}
	return args.Name, state, nil
}

// Call answers what components look up: where they are.
func (m *monitor) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.NewPropertyMapFromMap(map[string]any{
		"partition": "aws", "dnsSuffix": "amazonaws.com", "name": "eu-west-1", "accountId": "123456789012",
	}), nil
}

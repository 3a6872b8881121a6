package deploy

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// logGroup is the type of what can be there before the stack, and is worth taking over: services make log groups of
// their own where none is, also after a stack was destroyed, when something writes a last line.
const logGroup tokens.Type = "aws:cloudwatch/logGroup:LogGroup"

// alreadyExists is the error of CreateLogGroup for a name that is taken.
const alreadyExists = "ResourceAlreadyExistsException"

// Existing is a log group that the stack could not create, because it is there already.
type Existing struct{ resource apitype.ResourceV3 }

// Name is the name of the log group.
func (e Existing) Name() string { return string(e.resource.ID) }

// collisions gathers, from the events of an update, what it could not create because it is there already.
type collisions struct {
	mu sync.Mutex
	// taken are the resources that an error says exist, failed those whose creation failed.
	taken  map[resource.URN]bool
	failed []apitype.ResourceV3
}

func newCollisions() *collisions { return &collisions{taken: map[resource.URN]bool{}} }

// see is told an event.
func (c *collisions) see(event events.EngineEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if said := event.DiagnosticEvent; said != nil && strings.Contains(said.Message, alreadyExists) {
		c.taken[resource.URN(said.URN)] = true
	}
	if event.ResOpFailedEvent == nil {
		return
	}
	step := event.ResOpFailedEvent.Metadata
	if step.Op != apitype.OpCreate || tokens.Type(step.Type) != logGroup || step.New == nil {
		return
	}
	r := apitype.ResourceV3{
		URN: resource.URN(step.URN), Type: logGroup, Custom: true, Inputs: step.New.Inputs,
		Parent: resource.URN(step.New.Parent), Provider: step.New.Provider,
	}
	if r.ID = idOf(&r); r.ID != "" {
		c.failed = append(c.failed, r)
	}
}

// existing are the log groups, sorted by name.
func (c *collisions) existing() []Existing {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Existing
	for _, r := range c.failed {
		if c.taken[r.URN] {
			list = append(list, Existing{resource: r})
		}
	}
	slices.SortFunc(list, func(x, y Existing) int { return strings.Compare(x.Name(), y.Name()) })
	return list
}

// Adopt takes log groups, with what is in them, into the state: the next Up gives them the stack's properties.
func (s *Stack) Adopt(ctx context.Context, list []Existing) error {
	exported, deployment, err := s.export(ctx)
	if err != nil {
		return err
	}
	for _, e := range list {
		deployment.Resources = append(deployment.Resources, e.resource)
	}
	if err := s.put(ctx, exported, deployment); err != nil {
		return err
	}
	_, err = s.refresh(ctx)
	return err
}

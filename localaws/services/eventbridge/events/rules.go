package events

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"sagehost/localaws/protocol"
)

// defaultBus is the bus that AWS's services send their events to.
const defaultBus = "default"

// rule is an enabled rule with a pattern.
type rule struct {
	name, arn string
	pattern   *Pattern
	targets   []types.Target
}

// place is where rules are.
type place struct{ region, bus string }

// rules knows the rules that the emulator keeps, until it is told that they have changed.
type rules struct {
	clients *protocol.Clients[*eventbridge.Client]
	logf    func(format string, args ...any)

	mu    sync.Mutex
	known map[place][]rule
	// changes counts how often they were forgotten.
	changes int
}

// forget makes the rules be read again.
func (r *rules) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.known)
	r.changes++
}

// at is the rules of a bus.
func (r *rules) at(ctx context.Context, where place) ([]rule, error) {
	r.mu.Lock()
	list, ok := r.known[where]
	changes := r.changes
	r.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := r.read(ctx, where)
	if err != nil {
		return nil, fmt.Errorf("rules of the bus %s in %s: %w", where.bus, where.region, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// What was read before a change is of no use after it.
	if r.changes == changes {
		r.known[where] = list
	}
	return list, nil
}

func (r *rules) read(ctx context.Context, where place) ([]rule, error) {
	client := r.clients.Of(where.region)
	var list []rule
	input := &eventbridge.ListRulesInput{EventBusName: &where.bus}
	for {
		page, err := client.ListRules(ctx, input)
		if err != nil {
			return nil, err
		}
		for _, found := range page.Rules {
			if found.State == types.RuleStateDisabled || aws.ToString(found.EventPattern) == "" {
				continue
			}
			pattern, err := Compile(*found.EventPattern)
			if err != nil {
				r.logf("rule %s in %s: %v", aws.ToString(found.Name), where.region, err)
				continue
			}
			targets, err := readTargets(ctx, client, where, found.Name)
			if err != nil {
				return nil, err
			}
			list = append(list, rule{aws.ToString(found.Name), aws.ToString(found.Arn), pattern, targets})
		}
		if input.NextToken = page.NextToken; input.NextToken == nil {
			return list, nil
		}
	}
}

func readTargets(
	ctx context.Context, client *eventbridge.Client, where place, name *string,
) ([]types.Target, error) {
	var list []types.Target
	input := &eventbridge.ListTargetsByRuleInput{EventBusName: &where.bus, Rule: name}
	for {
		page, err := client.ListTargetsByRule(ctx, input)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Targets...)
		if input.NextToken = page.NextToken; input.NextToken == nil {
			return list, nil
		}
	}
}

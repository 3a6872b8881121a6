package autoscaling

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sagehost/localaws/protocol/awsjson"
)

// interval is how often Run looks for what is to do. Schedules are by the minute.
const interval = 10 * time.Second

// Run does what no request asks for, until the context ends: scheduled actions that are due, scaling to bounds that had
// to wait for an endpoint, and deleting alarms of endpoints that are gone.
func (f *Fake) Run(ctx context.Context) {
	for {
		f.look(ctx)
		if f.options.Pace.Sleep(ctx, interval) != nil {
			return
		}
	}
}

// look does what there is to do now.
func (f *Fake) look(ctx context.Context) {
	f.policing.Lock()
	f.bury(ctx)
	f.policing.Unlock()

	f.scaling.Lock()
	defer f.scaling.Unlock()
	for _, d := range f.due() {
		f.act(d)
	}
	for _, k := range f.unmet() {
		f.meetBounds(k)
	}
}

// due is a scheduled action that is to be done.
type due struct {
	key    key
	name   string
	bounds awsjson.Object
	at     time.Time
}

// due lists the actions that are due since they were last looked at, oldest first. Of what an action missed, only the
// newest counts; what falls in a suspension is left out for good.
func (f *Fake) due() []due {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []due
	now := f.options.Clock()
	for k, t := range f.targets {
		for name, action := range t.Actions {
			created, _ := action.Time("CreationTime")
			s, err := parseSchedule(action, created)
			if err != nil {
				f.logf("%s, scheduled action name: %s: %v", k, name, err)
				continue
			}
			at, ok := s.Newest(t.Looked[name], now)
			t.Looked[name] = now
			if ok && !t.Suspended.Flag("ScheduledScalingSuspended") {
				list = append(list, due{k, name, action.Object("ScalableTargetAction"), at})
			}
		}
	}
	if len(list) > 0 {
		f.saveOrLog()
	}
	slices.SortFunc(list, func(a, b due) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key.String(), b.key.String()), cmp.Compare(a.name, b.name))
	})
	return list
}

// act sets the bounds of a target as an action says, and scales to them.
func (f *Fake) act(d due) {
	began := f.options.Clock()
	err := f.scalable(d.key.Region, d.key.identity().With(d.bounds))
	f.mu.Lock()
	t := f.targets[d.key]
	if t == nil || t.Actions[d.name] == nil {
		f.mu.Unlock()
		return
	}
	if err == nil {
		err = t.setBounds(d.bounds)
	}
	what := boundsText(d.bounds)
	a := activity{
		Key: d.key, Start: began, Cause: fmt.Sprintf("scheduled action name %s was triggered", d.name),
		Description: "Setting " + what, Message: "Successfully set " + what,
	}
	if err != nil {
		a.Failed, a.Message = true, fmt.Sprintf("Failed to set %s. Reason: %s", what, reason(err))
	}
	f.note(a)
	f.saveOrLog()
	f.mu.Unlock()
	f.meetBounds(d.key)
}

func boundsText(bounds awsjson.Object) string {
	var parts []string
	for _, bound := range []struct{ member, name string }{{"MinCapacity", "min"}, {"MaxCapacity", "max"}} {
		if bounds.Has(bound.member) {
			parts = append(parts, fmt.Sprintf("%s capacity to %d", bound.name, bounds.Number(bound.member)))
		}
	}
	return strings.Join(parts, " and ")
}

// unmet lists the targets whose bounds are still to be met.
func (f *Fake) unmet() []key {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []key
	for k, t := range f.targets {
		if t.Unmet {
			list = append(list, k)
		}
	}
	return list
}

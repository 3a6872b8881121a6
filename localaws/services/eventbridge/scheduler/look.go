package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"sagehost/localaws/services/eventbridge/deliveries"
)

// most is how many times that were missed a schedule makes up for, the newest ones.
const most = 60

// Look fires everything that was due since the last look, oldest first.
func (s *Scheduler) Look(ctx context.Context) {
	for _, name := range s.names() {
		if err := s.read(ctx, name); err != nil {
			if ctx.Err() == nil {
				s.logf("schedules in %s: %v", name, err)
			}
			continue
		}
		for _, finished := range s.fire(name) {
			s.remove(ctx, name, finished)
		}
	}
}

func (s *Scheduler) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.regions))
}

// read reads the schedules of a region if they have changed.
func (s *Scheduler) read(ctx context.Context, name string) error {
	s.mu.Lock()
	r := s.in(name)
	known, changes := r.known, r.changes
	s.mu.Unlock()
	if known != nil {
		return nil
	}
	found, err := list(ctx, s.clients.Of(name))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.changes != changes {
		// The next look reads them again.
		return nil
	}
	now, marks := s.options.Clock.Now(), map[string]*mark{}
	r.known = []schedule{}
	for _, described := range found {
		k := key(*described.GroupName, *described.Name)
		if marks[k] = r.Marks[k]; marks[k] == nil {
			marks[k] = &mark{Since: now, Looked: now}
		}
		one, err := scheduleOf(described, name, *marks[k])
		if err != nil {
			s.logf("schedule %s in %s: %v", k, name, err)
			continue
		}
		r.known = append(r.known, one)
	}
	r.Marks = marks
	s.save()
	return nil
}

// list describes all schedules of a region.
func list(ctx context.Context, client *awsscheduler.Client) ([]*awsscheduler.GetScheduleOutput, error) {
	var found []*awsscheduler.GetScheduleOutput
	pages := awsscheduler.NewListSchedulesPaginator(client, &awsscheduler.ListSchedulesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, summary := range page.Schedules {
			described, err := client.GetSchedule(ctx, &awsscheduler.GetScheduleInput{
				GroupName: summary.GroupName, Name: summary.Name,
			})
			if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
				continue
			}
			if err != nil {
				return nil, err
			}
			found = append(found, described)
		}
	}
	return found, nil
}

// fire hands over what is due, and lists the schedules that are to be deleted because nothing will be due any more.
func (s *Scheduler) fire(name string) (finished []schedule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, now := s.in(name), s.options.Clock.Now()
	var list []deliveries.Delivery
	for _, one := range r.known {
		m := r.Marks[one.key]
		dues := one.times.All(m.Looked, now, most)
		m.Looked = now
		if !one.enabled {
			continue
		}
		for _, due := range dues {
			list = append(list, one.delivery(due))
		}
		fired := one.times.OneTime() && len(dues) > 0
		if one.deletes && (fired || one.over(now)) {
			finished = append(finished, one)
		}
	}
	if len(list) == 0 {
		return finished
	}
	slices.SortStableFunc(list, func(a, b deliveries.Delivery) int { return a.Made.Compare(b.Made) })
	// They are handed over first: whoever is killed in between hands them over again, under the same names.
	s.options.Deliveries.Add(list...)
	s.save()
	return finished
}

// remove deletes a schedule that has completed.
func (s *Scheduler) remove(ctx context.Context, region string, one schedule) {
	_, err := s.clients.Of(region).DeleteSchedule(ctx, &awsscheduler.DeleteScheduleInput{
		GroupName: &one.group, Name: &one.name,
	})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !gone && ctx.Err() == nil {
		s.logf("delete schedule %s in %s: %v", one.key, region, err)
	}
}

// over reports whether a schedule's end has passed.
func (o schedule) over(now time.Time) bool { return !o.end.IsZero() && now.After(o.end) }

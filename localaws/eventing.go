package localaws

import (
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/services/eventbridge/events"
	"sagehost/localaws/services/eventbridge/scheduler"
	"sagehost/localaws/world/state"
)

// connectEvents makes what starts something without a request for it: rules for events, and schedules.
func (s *services) connectEvents(url string, kept state.Dir) error {
	var err error
	s.deliveries, err = deliveries.New(deliveries.Options{
		URL: url, Executions: s.workflows, Clock: s.options.Clock, State: kept, Metrics: s.recorder, Log: s.options.Log,
	})
	if err != nil {
		return err
	}
	s.events = events.New(events.Options{
		URL: url, Clock: s.options.Clock, Deliveries: s.deliveries, Metrics: s.recorder, Log: s.options.Log,
	})
	s.scheduler, err = scheduler.New(scheduler.Options{
		URL: url, Clock: s.options.Clock, Deliveries: s.deliveries, State: kept, Log: s.options.Log,
	})
	return err
}

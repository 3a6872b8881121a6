package deploy

import (
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
)

// Listener is told what the engine reports, one event after the other.
type Listener func(events.EngineEvent)

// listen runs an operation that sends events to channels, and returns once the listeners have been told all of them.
// The engine closes the channels of an operation that it has begun; others end without.
func listen(listeners []Listener, operation func(...chan<- events.EngineEvent) error) error {
	if len(listeners) == 0 {
		return operation()
	}
	sent, ended, told := make(chan events.EngineEvent), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(told)
		for {
			select {
			case event, open := <-sent:
				if !open {
					return
				}
				for _, tell := range listeners {
					tell(event)
				}
			case <-ended:
				return
			}
		}
	}()
	err := operation(sent)
	close(ended)
	<-told
	return err
}

package deploy

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

func TestListenersAreToldEveryEventBeforeAnOperationReturns(t *testing.T) {
	t.Parallel()
	for _, closes := range []bool{true, false} {
		var told []int
		err := listen([]Listener{func(e events.EngineEvent) { told = append(told, e.Sequence) }},
			func(streams ...chan<- events.EngineEvent) error {
				for i := range 3 {
					streams[0] <- events.EngineEvent{EngineEvent: apitype.EngineEvent{Sequence: i}}
				}
				if closes {
					close(streams[0])
				}
				return errors.New("failed in the end")
			})
		assert.EqualError(t, err, "failed in the end")
		assert.Equal(t, []int{0, 1, 2}, told)
	}
}

func TestNobodyListensToAnOperationWithoutListeners(t *testing.T) {
	t.Parallel()
	assert.NoError(t, listen(nil, func(streams ...chan<- events.EngineEvent) error {
		assert.Empty(t, streams)
		return nil
	}))
}

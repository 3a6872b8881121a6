package containerlogs

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Limits of PutLogEvents: the bytes of a request, of which each event takes 26 beside its text, and its events.
const (
	maxBatch   = 1 << 20
	overhead   = 26
	maxEvents  = 10_000
	maxMessage = 256<<10 - overhead
)

// MaxLine is how long a line may be in bytes. A longer one is cut, and its rest is another line.
const MaxLine = maxMessage

// write writes lines to a stream, in as many requests as they need.
func (w *Writer) write(ctx context.Context, to Stream, lines []line) error {
	client := w.clients.Of(to.Region)
	if !w.known[to] {
		if err := create(ctx, client, to); err != nil {
			return err
		}
		w.known[to] = true
	}
	// Several processes of a container may print at once, and times must not go back within a request.
	slices.SortStableFunc(lines, func(a, b line) int { return int(a.at - b.at) })
	for events := range batches(lines) {
		_, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &to.Group, LogStreamName: &to.Name, LogEvents: events,
		})
		if _, deleted := errors.AsType[*types.ResourceNotFoundException](err); deleted {
			// Whoever has deleted the group, as the stack that declares it does, wants none with its last lines.
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// create makes a stream, and its group where nobody has declared it: a group that exists keeps its retention.
func create(ctx context.Context, client *cloudwatchlogs.Client, to Stream) error {
	_, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &to.Group})
	if err := unlessExists(err); err != nil {
		return err
	}
	_, err = client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: &to.Group, LogStreamName: &to.Name,
	})
	return unlessExists(err)
}

func unlessExists(err error) error {
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return nil
	}
	return err
}

// batches are the lines as events, in parts that a request may have.
func batches(lines []line) func(yield func([]types.InputLogEvent) bool) {
	return func(yield func([]types.InputLogEvent) bool) {
		var events []types.InputLogEvent
		size := 0
		for _, l := range lines {
			if len(events) == maxEvents || size+len(l.text)+overhead > maxBatch {
				if !yield(events) {
					return
				}
				events, size = nil, 0
			}
			events = append(events, types.InputLogEvent{Message: aws.String(l.text), Timestamp: aws.Int64(l.at)})
			size += len(l.text) + overhead
		}
		if len(events) > 0 {
			yield(events)
		}
	}
}

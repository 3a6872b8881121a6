package localaws

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"sagehost/localaws/protocol"
	"sagehost/localaws/services/stepfunctions"
)

// logGroups is the CloudWatch Logs that answers at a URL.
type logGroups struct {
	clients *protocol.Clients[*cloudwatchlogs.Client]
}

func newLogGroups(url string) logGroups {
	return logGroups{protocol.NewClients(url, "states", func(c aws.Config) *cloudwatchlogs.Client {
		return cloudwatchlogs.NewFromConfig(c)
	})}
}

// Write adds lines to a stream. CloudWatch Logs refuses what lies hours ahead, and the clock may run ahead of the
// world's: such lines are filed under the world's time.
func (l logGroups) Write(ctx context.Context, region, group, stream string, lines []stepfunctions.Line) error {
	client := l.clients.Of(region)
	_, err := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: &group, LogStreamName: &stream,
	})
	var exists *types.ResourceAlreadyExistsException
	if err != nil && !errors.As(err, &exists) {
		return err
	}
	now := time.Now()
	events := make([]types.InputLogEvent, len(lines))
	for i, line := range lines {
		at := line.At
		if at.After(now) {
			at = now
		}
		events[i] = types.InputLogEvent{Message: &line.Text, Timestamp: aws.Int64(at.UnixMilli())}
	}
	_, err = client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &stream, LogEvents: events,
	})
	return err
}

package alarms

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"sagehost/localaws/protocol"
)

// maxSubject is the longest subject, in characters (Publish).
const maxSubject = 100

// SNS is the action of telling a topic, at the SNS that answers at a URL. It is for ARNs of topics.
func SNS(url string) Action {
	topics := protocol.NewClients(url, caller, func(c aws.Config) *sns.Client { return sns.NewFromConfig(c) })
	return func(ctx context.Context, e Event) error {
		var message strings.Builder
		encoder := json.NewEncoder(&message)
		// People read the arrows in reasons.
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(notificationOf(e)); err != nil {
			return fmt.Errorf("notification: %w", err)
		}
		_, err := topics.Of(topicRegion(e)).Publish(ctx, &sns.PublishInput{
			TopicArn: &e.ActionARN, Subject: aws.String(subject(e)),
			Message: aws.String(strings.TrimSuffix(message.String(), "\n")),
		})
		return err
	}
}

// topicRegion is the region of the topic, which need not be the alarm's.
func topicRegion(e Event) string {
	if parts := strings.Split(e.ActionARN, ":"); len(parts) > 3 && parts[3] != "" {
		return parts[3]
	}
	return e.Region
}

// subject is the state, the alarm and the region. A name that is too long for a subject is cut.
func subject(e Event) string {
	const dots = "..."
	begin, end := e.NewState+": \"", "\" in "+regionName(e.Region)
	name, room := []rune(e.AlarmName), maxSubject-len(begin)-len(end)
	if len(name) > room {
		return begin + string(name[:room-len(dots)]) + dots + end
	}
	return begin + e.AlarmName + end
}

package localaws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"sagehost/localaws/protocol"
)

// topics is the SNS that answers at a URL.
type topics struct {
	clients *protocol.Clients[*sns.Client]
}

func newTopics(url string) topics {
	return topics{protocol.NewClients(url, "sagemaker", func(c aws.Config) *sns.Client { return sns.NewFromConfig(c) })}
}

// Publish sends a message to a topic.
func (t topics) Publish(ctx context.Context, region, topicARN, subject, message string) error {
	_, err := t.clients.Of(region).Publish(ctx, &sns.PublishInput{
		TopicArn: &topicARN, Subject: &subject, Message: &message,
	})
	return err
}

package localaws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// topics is the SNS that answers at a URL.
type topics struct{ url string }

// Publish sends a message to a topic.
func (t topics) Publish(ctx context.Context, region, topicARN, subject, message string) error {
	client := sns.New(sns.Options{
		Region: region, BaseEndpoint: &t.url,
		Credentials: credentials.NewStaticCredentialsProvider("sagemaker", "sagemaker", ""),
	})
	_, err := client.Publish(ctx, &sns.PublishInput{TopicArn: &topicARN, Subject: &subject, Message: &message})
	return err
}

package workflows_test

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
)

func (r *runner) topics() *sns.Client {
	return sns.NewFromConfig(cloud.Local(r.env["AWS_ENDPOINT_URL"], "eu-west-1"))
}

// topic is the ARN of the topic whose name begins so.
func (r *runner) topic(prefix string) string {
	r.t.Helper()
	page, err := r.topics().ListTopics(r.t.Context(), nil)
	require.NoError(r.t, err)
	for _, topic := range page.Topics {
		if strings.Contains(*topic.TopicArn, ":"+prefix) {
			return *topic.TopicArn
		}
	}
	require.Failf(r.t, "no such topic", "%s", prefix)
	return ""
}

func (r *runner) tag(arn, key string) {
	r.t.Helper()
	_, err := r.topics().TagResource(r.t.Context(), &sns.TagResourceInput{
		ResourceArn: &arn, Tags: []types.Tag{{Key: &key, Value: aws.String("yes")}},
	})
	require.NoError(r.t, err)
}

func (r *runner) untag(arn, key string) {
	r.t.Helper()
	_, err := r.topics().UntagResource(r.t.Context(), &sns.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{key}})
	require.NoError(r.t, err)
}

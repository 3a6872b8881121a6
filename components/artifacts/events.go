package artifacts

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// sendEvents makes a bucket tell Amazon EventBridge of what happens to its objects, and returns its name, known once it
// does.
func sendEvents(
	ctx *pulumi.Context, name string, bucket pulumi.StringInput, parent pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	notification, err := s3.NewBucketNotification(ctx, name, &s3.BucketNotificationArgs{
		Bucket: bucket, Eventbridge: pulumi.Bool(true),
	}, parent)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return notification.Bucket, nil
}

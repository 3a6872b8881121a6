package localaws

import (
	"context"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"sagehost/localaws/protocol"
)

// registryTimeout is how long the registry, which is on this machine, may take.
const registryTimeout = 5 * time.Second

// taggedImage is an image in Amazon ECR by its tag: account, region, repository and tag.
var taggedImage = regexp.MustCompile(`^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+):([^:@]+)$`)

// digests looks up images in the Amazon ECR that answers at a URL. It knows those that somebody has pushed there.
func digests(url string) func(image string) string {
	clients := protocol.NewClients(url, "sagemaker", func(c aws.Config) *ecr.Client {
		return ecr.NewFromConfig(c, func(o *ecr.Options) { o.RetryMaxAttempts = 1 })
	})
	return func(uri string) string {
		m := taggedImage.FindStringSubmatch(uri)
		if m == nil {
			return ""
		}
		account, region, repository, tag := m[1], m[2], m[3], m[4]
		ctx, cancel := context.WithTimeout(context.Background(), registryTimeout)
		defer cancel()
		found, err := clients.Of(region).DescribeImages(ctx, &ecr.DescribeImagesInput{
			RegistryId: &account, RepositoryName: &repository, ImageIds: []types.ImageIdentifier{{ImageTag: &tag}},
		})
		if err != nil || len(found.ImageDetails) != 1 {
			return ""
		}
		return aws.ToString(found.ImageDetails[0].ImageDigest)
	}
}

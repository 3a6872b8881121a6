// Package cloud is how commands reach AWS: the user's own account, or the local AWS.
package cloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Local is the local AWS at a URL, which accepts any credentials.
func Local(url, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// AWS is a region of the account to which the user's credentials belong; they are looked for where AWS's own tools look
// for them. An account that is not among the allowed ones, each of 12 digits, is refused. With none allowed every
// one is, whatever the credentials happen to lead to, and the error says which that is.
func AWS(ctx context.Context, region string, allowed []string) (aws.Config, error) {
	c, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return aws.Config{}, fmt.Errorf("credentials for AWS: %w", err)
	}
	if c.Region == "" {
		return aws.Config{}, fmt.Errorf("no region is set; set aws:region in the stack's file, or AWS_REGION")
	}
	account, err := Account(ctx, c)
	if len(allowed) == 0 {
		return aws.Config{}, unnamed(account, err)
	}
	if err != nil {
		return aws.Config{}, err
	}
	if !slices.Contains(allowed, account) {
		return aws.Config{}, fmt.Errorf("the credentials are for account %s; aws:allowedAccountIds allows %s",
			account, strings.Join(allowed, ", "))
	}
	return c, nil
}

// unnamed says that no account is allowed, and what to write for the one of the credentials.
func unnamed(account string, err error) error {
	const missing = "the stack's file does not say in which account the stack is"
	if err != nil {
		return fmt.Errorf("%s: add aws:allowedAccountIds, a list of ids of 12 digits in quotes; %w", missing, err)
	}
	return fmt.Errorf("%s; the credentials are for account %s: if that is the one, add this to the file's config\n"+
		"  aws:allowedAccountIds: [%q]", missing, account, account)
}

// Account is the id of the account that a configuration's credentials belong to: 12 digits.
func Account(ctx context.Context, c aws.Config) (string, error) {
	identity, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("credentials for AWS: %w", err)
	}
	return aws.ToString(identity.Account), nil
}

// S3 is a client of Amazon S3. At an endpoint of one's own, buckets are paths: their names resolve to no host there.
func S3(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = c.BaseEndpoint != nil })
}

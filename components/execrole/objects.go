package execrole

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/kit/s3uri"
)

// literal keeps the characters of a key that mean more to IAM from meaning it: wildcards and policy variables.
var literal = strings.NewReplacer("$", "${$}", "*", "${*}", "?", "${?}")

// within turns the URI of an object or a prefix into what an ARN of Amazon S3 ends in, here in a partition yet to be
// known.
func within(uri pulumi.StringInput, here account.Account, resource func(bucket, key string) string) pulumi.StringInput {
	name := uri.ToStringOutput().ApplyT(func(uri string) string {
		bucket, key, _ := s3uri.Split(uri)
		return resource(bucket, key)
	}).(pulumi.StringOutput)
	return pulumi.Sprintf("arn:%s:s3:::%s", here.Partition, name)
}

func objectARNs(uris []pulumi.StringInput, here account.Account) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(uris))
	for i, uri := range uris {
		arns[i] = within(uri, here, func(bucket, key string) string { return bucket + "/" + literal.Replace(key) })
	}
	return arns
}

// beneath are the ARNs of all objects beneath prefixes.
func beneath(prefixes []pulumi.StringInput, here account.Account) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(prefixes))
	for i, uri := range prefixes {
		arns[i] = within(uri, here, func(bucket, key string) string { return bucket + "/" + wildcard(key) })
	}
	return arns
}

// inputs are the ARNs of all objects beneath those URIs that are prefixes, and of the others as objects.
func inputs(uris []pulumi.StringInput, here account.Account) []pulumi.StringInput {
	arns := make([]pulumi.StringInput, len(uris))
	for i, uri := range uris {
		arns[i] = within(uri, here, func(bucket, key string) string { return bucket + "/" + inputKeys(bucket, key) })
	}
	return arns
}

// inputKeys matches the keys of an input.
func inputKeys(bucket, key string) string {
	if (s3uri.Location{Bucket: bucket, Key: key}).IsPrefix() {
		return wildcard(key)
	}
	return literal.Replace(key)
}

func bucketARN(uri pulumi.StringInput, here account.Account) pulumi.StringInput {
	return within(uri, here, func(bucket, _ string) string { return bucket })
}

// keysOf matches the keys of an input.
func keysOf(input pulumi.StringInput) pulumi.StringInput {
	return input.ToStringOutput().ApplyT(func(uri string) string {
		bucket, key, _ := s3uri.Split(uri)
		return inputKeys(bucket, key)
	}).(pulumi.StringOutput)
}

// wildcard matches the keys beneath a prefix, with or without "/" at its end: never those of a folder that only begins
// alike.
func wildcard(prefix string) string {
	if prefix = strings.TrimSuffix(prefix, "/"); prefix == "" {
		return "*"
	}
	return literal.Replace(prefix) + "/*"
}

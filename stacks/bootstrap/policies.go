package bootstrap

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/access"
	"sagehost/components/githubaccess"
	"sagehost/components/releasestore"
	"sagehost/components/statebackend"
)

// policies says what roles may do.
type policies struct {
	ctx      *pulumi.Context
	state    *statebackend.StateBackend
	releases []archive
	// own is the store of this account; the zero value where it has none.
	own archive
}

// archive is a store of releases that roles read.
type archive struct{ bucket, keyARN pulumi.StringInput }

// archives are the stores of this account and of others.
func (s *Settings) archives(own *releasestore.ReleaseStore) []archive {
	var all []archive
	if own != nil {
		all = append(all, archive{own.Bucket, own.KeyARN})
	}
	for _, store := range s.ReleasesFrom {
		all = append(all, archive{pulumi.String(store.Bucket), pulumi.String(store.KeyARN)})
	}
	return all
}

// of are the policies of a role that acts on one stack.
func (p *policies) of(stack string, how Access) []githubaccess.Policy {
	if how == Release {
		return p.release(stack)
	}
	parts, state := access.Parts(), statebackend.Write
	if how == Read {
		state = statebackend.Read
		for i := range parts {
			parts[i] = parts[i].Reading()
		}
	} else {
		parts = append(parts, access.Measuring())
	}
	documents := []githubaccess.Policy{{Name: "state", Document: p.state.Permissions(project, stack, state)}}
	documents = append(documents, p.rendered(stack, parts...)...)
	if len(p.releases) > 0 {
		documents = append(documents, githubaccess.Policy{Name: "releases", Document: p.readReleases()})
	}
	return documents
}

// release are the policies of a role that makes releases of a stack's models. It needs no state: what is released is in
// the stack's file, and what is served is asked.
func (p *policies) release(stack string) []githubaccess.Policy {
	documents := []githubaccess.Policy{{Name: "releases", Document: p.readReleases()}}
	for _, part := range access.Parts() {
		if part.Name == "hosting" {
			documents = append(documents, p.rendered(stack, part.Reading())...)
		}
	}
	arn := pulumi.Sprintf("arn:%s:s3:::%s/releases/*", p.partition(), p.own.bucket)
	put := allow("PutReleases", "s3:PutObject", pulumi.StringArray{arn})
	// Only where there is nothing yet: what a manifest names by its content is never replaced.
	put["Condition"] = pulumi.Map{"Null": pulumi.StringMap{"s3:if-none-match": pulumi.String("false")}}
	repositories := pulumi.Sprintf("arn:%s:ecr:*:*:repository/*", p.partition())
	return append(documents, githubaccess.Policy{Name: "releasing", Document: policy(
		allow("FindImages", "ecr:DescribeImages", pulumi.StringArray{repositories}),
		put,
		allow("EncryptReleases", "kms:GenerateDataKey", pulumi.StringArray{p.own.keyARN}),
	)})
}

// rendered are parts for a stack.
func (p *policies) rendered(stack string, parts ...access.Part) []githubaccess.Policy {
	documents := make([]githubaccess.Policy, len(parts))
	for i, part := range parts {
		documents[i] = githubaccess.Policy{Name: part.Name, Document: p.render(part, stack)}
	}
	return documents
}

// render writes a part for the account and region that is being set up.
func (p *policies) render(part access.Part, stack string) pulumi.StringOutput {
	return pulumi.All(
		p.partition(),
		aws.GetRegionOutput(p.ctx, aws.GetRegionOutputArgs{}).Name(),
		aws.GetCallerIdentityOutput(p.ctx, aws.GetCallerIdentityOutputArgs{}).AccountId(),
	).ApplyT(func(here []any) (string, error) {
		document, err := part.Policy(access.Scope{
			Partition: here[0].(string), Region: here[1].(string), Account: here[2].(string),
			Project: project, Stack: stack,
		})
		return string(document), err
	}).(pulumi.StringOutput)
}

func (p *policies) partition() pulumi.StringOutput {
	return aws.GetPartitionOutput(p.ctx, aws.GetPartitionOutputArgs{}).Partition()
}

// readReleases allows to read the archives of releases.
func (p *policies) readReleases() pulumi.StringOutput {
	var buckets, objects, keys pulumi.StringArray
	for _, store := range p.releases {
		arn := pulumi.Sprintf("arn:%s:s3:::%s", p.partition(), store.bucket)
		buckets, objects = append(buckets, arn), append(objects, pulumi.Sprintf("%s/*", arn))
		keys = append(keys, store.keyARN)
	}
	return policy(allow("FindReleases", "s3:ListBucket", buckets), allow("ReadReleases", "s3:GetObject", objects),
		allow("DecryptReleases", "kms:Decrypt", keys))
}

// allow is a statement of a policy.
func allow(sid, action string, resources pulumi.StringArray) pulumi.Map {
	return pulumi.Map{
		"Sid": pulumi.String(sid), "Effect": pulumi.String("Allow"), "Action": pulumi.ToStringArray([]string{action}),
		"Resource": resources,
	}
}

// policy is the JSON of an IAM policy.
func policy(statements ...pulumi.Input) pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.Map{
		"Version": pulumi.String("2012-10-17"), "Statement": pulumi.Array(statements),
	})
}

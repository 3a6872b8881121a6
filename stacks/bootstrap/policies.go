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
	for _, part := range parts {
		documents = append(documents, githubaccess.Policy{Name: part.Name, Document: p.render(part, stack)})
	}
	if len(p.releases) > 0 {
		documents = append(documents, githubaccess.Policy{Name: "releases", Document: p.readReleases()})
	}
	return documents
}

// render writes a part for the account and region that is being set up.
func (p *policies) render(part access.Part, stack string) pulumi.StringOutput {
	return pulumi.All(
		aws.GetPartitionOutput(p.ctx, aws.GetPartitionOutputArgs{}).Partition(),
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

// readReleases allows to read the archives of releases.
func (p *policies) readReleases() pulumi.StringOutput {
	partition := aws.GetPartitionOutput(p.ctx, aws.GetPartitionOutputArgs{}).Partition()
	var buckets, objects, keys pulumi.StringArray
	for _, store := range p.releases {
		arn := pulumi.Sprintf("arn:%s:s3:::%s", partition, store.bucket)
		buckets, objects = append(buckets, arn), append(objects, pulumi.Sprintf("%s/*", arn))
		keys = append(keys, store.keyARN)
	}
	statement := func(sid, action string, resources pulumi.StringArray) pulumi.Map {
		return pulumi.Map{
			"Sid": pulumi.String(sid), "Effect": pulumi.String("Allow"), "Action": pulumi.ToStringArray([]string{action}),
			"Resource": resources,
		}
	}
	return pulumi.JSONMarshal(pulumi.Map{"Version": pulumi.String("2012-10-17"), "Statement": pulumi.Array{
		statement("FindReleases", "s3:ListBucket", buckets), statement("ReadReleases", "s3:GetObject", objects),
		statement("DecryptReleases", "kms:Decrypt", keys),
	}})
}

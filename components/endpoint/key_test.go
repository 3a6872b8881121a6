package endpoint

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

func TestTheStacksKeyIsUsedWhereAnOwnOneWouldBeAccepted(t *testing.T) {
	t.Parallel()
	all := []VariantSpec{{Name: "a", Serverless: &Serverless{MemorySizeMB: 1024, MaxConcurrency: 1}}}
	for _, name := range limits.DeployableInstanceTypes() {
		all = append(all, VariantSpec{Name: "a", InstanceType: limits.InstanceType(name)})
	}
	used := 0
	for _, spec := range all {
		own := Spec{KMSKeyARN: "arn:aws-cn:kms:cn-north-1:123456789012:key/k"}
		variants := []Variant{{VariantSpec: spec}}
		at := check.New("")
		own.Check(at, variants, nil)
		args := Args{Variants: variants, KMSKeyARN: pulumi.String("stack")}
		assert.Equal(t, at.Err() == nil, args.volumeKey() != nil, "%s: %v", spec.InstanceType, at.Err())
		if args.volumeKey() != nil {
			used++
		}
	}
	require.Positive(t, used)
	require.Less(t, used, len(all)-1)
}

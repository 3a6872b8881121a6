package network

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// named adds the tag that is the name of what EC2 knows by an ID alone.
func named(tags pulumi.StringMapInput, name string) pulumi.StringMapInput {
	if tags == nil {
		return pulumi.StringMap{"Name": pulumi.String(name)}
	}
	return tags.ToStringMapOutput().ApplyT(func(tags map[string]string) map[string]string {
		all := map[string]string{"Name": name}
		maps.Copy(all, tags)
		return all
	}).(pulumi.StringMapOutput)
}

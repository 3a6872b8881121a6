// Command main is the Pulumi program: `pulumi up` runs it.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/stacks"
)

func main() {
	pulumi.Run(stacks.Run)
}

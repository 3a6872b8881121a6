// Command bootstrap is the Pulumi program that sets up an account for deployments.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/stacks/bootstrap"
)

func main() {
	pulumi.Run(bootstrap.Run)
}

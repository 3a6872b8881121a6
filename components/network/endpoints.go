package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
)

// endpoints are the VPC's ways to AWS services.
type endpoints struct {
	ids []pulumi.IDOutput
	// s3PrefixList stands for the addresses of Amazon S3 in security groups.
	s3PrefixList pulumi.StringOutput
}

// newEndpoints creates a gateway to Amazon S3 on the models' route tables, and addresses in the models' subnets for the
// other services, under the names that AWS's SDKs use.
func newEndpoints(
	ctx *pulumi.Context, name string, args *Args, v vpcOutputs, groups securityGroups, here account.Account,
	parent pulumi.ResourceOption,
) (endpoints, error) {
	s3, err := ec2.NewVpcEndpoint(ctx, name+"-s3", &ec2.VpcEndpointArgs{
		VpcId:           v.id,
		ServiceName:     pulumi.Sprintf("com.amazonaws.%s.s3", here.Region),
		VpcEndpointType: pulumi.String("Gateway"),
		RouteTableIds:   v.routeTableIDs,
		Policy:          args.gatewayPolicy(here),
		Tags:            named(args.Tags, name+"-s3"),
	}, parent)
	if err != nil {
		return endpoints{}, fmt.Errorf("endpoint of s3: %w", err)
	}
	created := endpoints{ids: []pulumi.IDOutput{s3.ID()}, s3PrefixList: s3.PrefixListId}
	for _, service := range args.reached() {
		endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-"+service.name, &ec2.VpcEndpointArgs{
			VpcId:             v.id,
			ServiceName:       here.Region.ApplyT(service.in).(pulumi.StringOutput),
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			Policy:            service.policy(here),
			SubnetIds:         v.subnetIDs,
			SecurityGroupIds:  pulumi.StringArray{groups.endpoints.ID()},
			Tags:              named(args.Tags, name+"-"+service.name),
		}, parent)
		if err != nil {
			return endpoints{}, fmt.Errorf("endpoint of %s: %w", service.name, err)
		}
		created.ids = append(created.ids, endpoint.ID())
	}
	return created, nil
}

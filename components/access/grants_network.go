package access

import "slices"

// The resource types of pulumi-aws that a network consists of, those included that awsx makes.
const (
	vpc                   = "aws:ec2/vpc:Vpc"
	subnet                = "aws:ec2/subnet:Subnet"
	routeTable            = "aws:ec2/routeTable:RouteTable"
	routeTableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	route                 = "aws:ec2/route:Route"
	internetGateway       = "aws:ec2/internetGateway:InternetGateway"
	natGateway            = "aws:ec2/natGateway:NatGateway"
	address               = "aws:ec2/eip:Eip"
	vpcEndpoint           = "aws:ec2/vpcEndpoint:VpcEndpoint"
	securityGroup         = "aws:ec2/securityGroup:SecurityGroup"
	defaultSecurityGroup  = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	egressRule            = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	ingressRule           = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	flowLog               = "aws:ec2/flowLog:FlowLog"
)

// partsOfNetworks are the resource types of pulumi-aws that have tags.
var partsOfNetworks = []string{
	vpc, subnet, routeTable, internetGateway, natGateway, address, vpcEndpoint, securityGroup, defaultSecurityGroup,
	egressRule, ingressRule, flowLog,
}

// ec2Resources are the ARNs of all kinds of parts.
func ec2Resources() []string {
	kinds := []string{
		"elastic-ip", "internet-gateway", "natgateway", "route-table", "security-group", "security-group-rule", "subnet",
		"vpc", "vpc-endpoint", "vpc-flow-log",
	}
	for i, kind := range kinds {
		kinds[i] = "ec2:{region}:{account}:" + kind + "/*"
	}
	return kinds
}

// network are the actions on EC2. An action that makes something out of others is checked on all of them: on the new
// by the tag it is made with, on the others by the tag they have (Service Authorization Reference, "Actions defined by
// Amazon EC2").
func network() []Grant {
	creates := []string{
		"ec2:AllocateAddress", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress",
		"ec2:CreateFlowLogs", "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateRouteTable",
		"ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpc", "ec2:CreateVpcEndpoint",
	}
	return []Grant{
		{
			Sid: "NewPartsOfNetworks", Types: partsOfNetworks, Resources: ec2Resources(), Actions: creates,
			Conditions: newInStack(),
		},
		{
			Sid: "NewPartsOfNetworksTags", Types: partsOfNetworks, Resources: ec2Resources(),
			Actions:    []string{"ec2:CreateTags"},
			Conditions: merged(newInStack(), map[string]map[string]string{"Null": {"ec2:CreateAction": "false"}}),
		},
		{
			Sid: "PartsOfNetworks", Types: append([]string{route, routeTableAssociation}, partsOfNetworks...),
			Resources: ec2Resources(), Conditions: inStack(), Actions: changes(creates),
		},
		{
			// A VPC's own security group comes without tags, and is given them before its rules are taken away.
			Sid: "DefaultSecurityGroups", Types: []string{defaultSecurityGroup},
			Resources: []string{"ec2:{region}:{account}:security-group/*"}, Actions: []string{"ec2:CreateTags"},
			Conditions: merged(newInStack(), map[string]map[string]string{"Null": {"aws:ResourceTag/" + stackTag: "true"}}),
		},
		{
			// The network interface of a NAT gateway, from which an address is taken, is EC2's and has no tags.
			Sid: "NATInterfaces", Types: []string{address},
			Resources: []string{"ec2:{region}:{account}:network-interface/*"}, Actions: []string{"ec2:DisassociateAddress"},
		},
		{
			// Private names of endpoints are zones of Amazon Route 53, which belong to EC2.
			Sid: "EndpointNames", Types: []string{vpcEndpoint}, Resources: []string{"route53:::hostedzone/*"},
			Actions: []string{"route53:AssociateVPCWithHostedZone"},
		},
		{
			Sid: "NetworkLookups", Types: append([]string{route, routeTableAssociation}, partsOfNetworks...),
			Actions: []string{
				"ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute", "ec2:DescribeAvailabilityZones",
				"ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways", "ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls",
				"ec2:DescribeNetworkInterfaces", "ec2:DescribePrefixLists", "ec2:DescribeRouteTables",
				"ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
				"ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
			},
		},
	}
}

// changes are the actions on what is in the stack, those included that make something new out of it.
func changes(creates []string) []string {
	return slices.Sorted(slices.Values(slices.Concat(creates, []string{
		"ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:CreateRoute", "ec2:CreateTags", "ec2:DeleteFlowLogs",
		"ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteRoute", "ec2:DeleteRouteTable",
		"ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints",
		"ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable", "ec2:ModifySecurityGroupRules",
		"ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint", "ec2:ReleaseAddress",
		"ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation", "ec2:RevokeSecurityGroupEgress",
		"ec2:RevokeSecurityGroupIngress",
	})))
}

func flowLogs() []Grant {
	const service = "vpc-flow-logs.amazonaws.com"
	return []Grant{
		{
			// A flow log names the role that writes it.
			Sid: "PassRolesToFlowLogs", Types: []string{flowLog}, Resources: []string{roles},
			Actions:    []string{"iam:PassRole"},
			Conditions: map[string]map[string]string{"StringEquals": {"iam:PassedToService": service}},
		},
	}
}

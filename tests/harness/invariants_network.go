package harness

import "strings"

const (
	defaultGroupType = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	groupType        = "aws:ec2/securityGroup:SecurityGroup"
	ingressRuleType  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

// noOpenIngress: nothing is open to every address. Rules are resources of their own, each with one other side, because
// those inside of a group take the others away.
func noOpenIngress(_ *Graph, r Resource, report reporter) {
	switch r.Type {
	case ingressRuleType:
		for _, property := range []string{"cidrIpv4", "cidrIpv6"} {
			if block, _ := r.Inputs[property].(string); strings.HasSuffix(block, "/0") {
				report("lets everybody in: %s", block)
			}
		}
	case groupType, defaultGroupType:
		for _, property := range []string{"ingress", "egress"} {
			if _, given := r.Inputs[property]; given {
				report("has %s rules inside", property)
			}
		}
	}
}

// noPublicAddress: what runs in a subnet gets no address of the internet. Only NAT gateways need public subnets.
func noPublicAddress(_ *Graph, r Resource, report reporter) {
	if r.Type != vpcType {
		return
	}
	nat, _ := r.Inputs["natGateways"].(map[string]any)
	subnets, _ := r.Inputs["subnetSpecs"].([]any)
	for _, subnet := range subnets {
		if spec, _ := subnet.(map[string]any); spec["type"] == "Public" && nat["strategy"] == "None" {
			report("has public subnets without NAT gateways")
		}
	}
}

// vpcIsClosed: every VPC comes with a security group that is open until somebody adopts it.
func vpcIsClosed(g *Graph, r Resource, report reporter) {
	if r.Type != vpcType {
		return
	}
	closed := 0
	for _, group := range g.All(defaultGroupType) {
		if group.Name == r.Name && group.Parent == r.Parent {
			closed++
		}
	}
	if closed != 1 {
		report("has %d %s", closed, defaultGroupType)
	}
}

// loggedForLong: a flow log shows what was refused, too, and no log group grows for ever.
func loggedForLong(_ *Graph, r Resource, report reporter) {
	switch r.Type {
	case "aws:ec2/flowLog:FlowLog":
		if r.Inputs["trafficType"] != "ALL" {
			report("leaves traffic out")
		}
	case "aws:cloudwatch/logGroup:LogGroup":
		if days, _ := r.Inputs["retentionInDays"].(float64); days == 0 {
			report("keeps logs without end")
		}
	}
}

package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// subnets are the "zone range" of a VPC's subnets.
func (w *world) subnets(vpc any) []string {
	var found []string
	for _, s := range w.ec2("DescribeSubnets") {
		if s.VPC == vpc {
			found = append(found, s.Zone+" "+s.Block)
		}
	}
	slices.Sort(found)
	return found
}

// rules are what a VPC's security groups let through, in words, with the groups' names but for their suffix.
func (w *world) rules(vpc any) []string {
	names := map[string]string{}
	for _, group := range w.ec2("DescribeSecurityGroups") {
		if group.VPC == vpc {
			names[group.Group] = strings.Join(strings.Split(group.Name, "-")[:min(2, strings.Count(group.Name, "-")+1)], "-")
		}
	}
	var found []string
	for _, rule := range w.ec2("DescribeSecurityGroupRules") {
		group, ours := names[rule.Group]
		if !ours {
			continue
		}
		other := names[rule.Other] + rule.Anywhere
		if rule.List != "" {
			other = "a prefix list"
		}
		direction := "from"
		if rule.Egress {
			direction = "to"
		}
		found = append(found, fmt.Sprintf("%s %s %s: %s %s-%s", group, direction, other, rule.Protocol, rule.From, rule.To))
	}
	slices.Sort(found)
	return found
}

// defaultRoutes are where a VPC's subnets send what is for the internet, by subnet: the beginning of the gateway's ID.
func (w *world) defaultRoutes(vpc any) map[string]string {
	zones := map[string]string{}
	for _, s := range w.ec2("DescribeSubnets") {
		zones[s.Subnet] = s.Block
	}
	routes := map[string]string{}
	for _, table := range w.ec2("DescribeRouteTables") {
		if table.VPC != vpc || len(table.Associations) == 0 {
			continue
		}
		for _, route := range table.Routes {
			if route.Destination == "0.0.0.0/0" {
				kind, _, _ := strings.Cut(route.NAT+route.Gateway, "-")
				routes[zones[table.Associations[0]]] = kind
			}
		}
	}
	return routes
}

// parts is the number of a region's parts of networks, of each kind.
func (w *world) parts(t *testing.T) map[string]int {
	t.Helper()
	found := w.clients.count(t)
	for _, kind := range []string{
		"Vpcs", "Subnets", "RouteTables", "SecurityGroups", "SecurityGroupRules", "VpcEndpoints", "InternetGateways",
		"NatGateways", "Addresses", "FlowLogs",
	} {
		found[kind] = len(w.ec2("Describe" + kind))
	}
	return found
}

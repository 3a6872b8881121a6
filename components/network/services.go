package network

import (
	"slices"
	"strings"
)

// awsService is an AWS service that can be given an address inside the VPC.
type awsService struct {
	// name is the last part of the endpoint service's name.
	name string
	// prefix begins the names of its actions in IAM.
	prefix string
	// byDefault services are what SageMaker and containers that log and call AWS use.
	byDefault bool
	// chinese services have a name of their own in the regions of China, as `aws ec2 describe-vpc-endpoint-services`
	// lists them there.
	chinese bool
}

var services = []awsService{
	{name: "ec2", prefix: "ec2", chinese: true},
	{name: "ecr.api", prefix: "ecr", byDefault: true, chinese: true},
	{name: "ecr.dkr", prefix: "ecr", byDefault: true, chinese: true},
	{name: "kms", prefix: "kms"},
	{name: "logs", prefix: "logs", byDefault: true},
	{name: "monitoring", prefix: "cloudwatch", chinese: true},
	{name: "sagemaker.api", prefix: "sagemaker", byDefault: true, chinese: true},
	{name: "sagemaker.runtime", prefix: "sagemaker", byDefault: true, chinese: true},
	{name: "secretsmanager", prefix: "secretsmanager"},
	{name: "sts", prefix: "sts", byDefault: true, chinese: true},
}

func service(name string) (awsService, bool) {
	for _, s := range services {
		if s.name == name {
			return s, true
		}
	}
	return awsService{}, false
}

func serviceNames() []string {
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = s.name
	}
	return names
}

// in is the endpoint service's name in a region.
func (s awsService) in(region string) string {
	name := "com.amazonaws." + region + "." + s.name
	if s.chinese && strings.HasPrefix(region, "cn-") {
		return "cn." + name
	}
	return name
}

// reached are the services to give an address, in the order of the table.
func (s *Spec) reached() []awsService {
	var reached []awsService
	for _, candidate := range services {
		if wanted := slices.Contains(s.Endpoints, candidate.name); wanted || s.Endpoints == nil && candidate.byDefault {
			reached = append(reached, candidate)
		}
	}
	return reached
}

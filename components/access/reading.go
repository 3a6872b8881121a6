package access

import (
	"slices"
	"strings"
)

// Reading is what of a part changes nothing: for previews, and for checks of what exists.
func (p Part) Reading() Part {
	reading := Part{Name: p.Name}
	for _, grant := range p.Grants {
		grant.Actions = slices.DeleteFunc(slices.Clone(grant.Actions), func(action string) bool { return !reads(action) })
		if len(grant.Actions) > 0 {
			reading.Grants = append(reading.Grants, grant)
		}
	}
	return reading
}

// reads reports whether an action changes nothing, which its first word tells.
func reads(action string) bool {
	_, name, _ := strings.Cut(action, ":")
	for _, verb := range []string{"Describe", "Get", "List"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// Measuring is what gates ask of a stack that is deployed: predictions, batch runs, metrics, and which images serve.
func Measuring() Part {
	return Part{Name: "measuring", Grants: []Grant{
		{
			Sid: "Invoke", Resources: []string{endpoints},
			Actions: []string{"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"},
		},
		{
			Sid: "Run", Resources: []string{
				"states:{region}:{account}:stateMachine:*-{stack}", "states:{region}:{account}:execution:*-{stack}:*",
			},
			Actions: []string{"states:DescribeExecution", "states:ListExecutions", "states:StartExecution"},
		},
		{
			// CloudWatch knows no resources for metrics.
			Sid: "Metrics", Actions: []string{"cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"},
		},
		{
			Sid: "Images", Resources: []string{"ecr:{region}:{account}:repository/*"},
			Actions: []string{"ecr:BatchGetImage", "ecr:DescribeImages"},
		},
	}}
}

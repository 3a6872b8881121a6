package access

// Measuring is what gates ask of a stack that is deployed, beyond what describes it: predictions, runs of batches with
// held-out rows and their predictions, alarms' histories and metrics. Captured requests are no part of it.
func Measuring() Part {
	const batch = "s3:::{project}-{stack}-batch-*/*-{stack}/"
	return Part{Name: "measuring", Grants: []Grant{
		{
			Sid: "Invoke", Resources: []string{endpoints},
			Actions: []string{"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"},
		},
		{
			Sid: "StartRuns", Resources: []string{"states:{region}:{account}:stateMachine:*-{stack}"},
			Actions: []string{"states:StartExecution"},
		},
		{
			Sid: "FollowRuns", Resources: []string{"states:{region}:{account}:execution:*-{stack}:*"},
			Actions: []string{"states:DescribeExecution", "states:GetExecutionHistory"},
		},
		{
			Sid: "FindBatches", Resources: []string{"ssm:{region}:{account}:parameter/{project}/{stack}/*"},
			Actions: []string{"ssm:GetParametersByPath"},
		},
		{
			Sid: "PutRows", Resources: []string{batch + "async-input/*", batch + "evaluation/*"},
			Actions: []string{"s3:PutObject"},
		},
		{
			Sid: "GetPredictions", Actions: []string{"s3:GetObject"},
			Resources: []string{batch + "async-output/*", batch + "evaluation/*", batch + "runs/*"},
		},
		{Sid: "AlarmHistories", Resources: []string{allAlarms}, Actions: []string{"cloudwatch:DescribeAlarmHistory"}},
		{
			// CloudWatch knows no resources for metrics.
			Sid: "Metrics", Actions: []string{"cloudwatch:GetMetricStatistics"},
		},
	}}
}

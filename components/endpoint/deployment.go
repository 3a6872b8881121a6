package endpoint

import (
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"sagehost/kit/check"
)

// What SageMaker calls a part of the instances, and their number.
const (
	capacityPercent = "CAPACITY_PERCENT"
	instanceCount   = "INSTANCE_COUNT"
)

// routing are the names of the strategies that run a second fleet.
var routing = map[Strategy]string{AllAtOnce: "ALL_AT_ONCE", Canary: "CANARY", Linear: "LINEAR"}

// deploymentConfig is how the endpoint is updated; nil without an update policy.
func (u *Update) deploymentConfig(alarms []string) sagemaker.EndpointDeploymentConfigPtrInput {
	if u == nil {
		return nil
	}
	type autoRollback = sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationArgs
	type alarm = sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationAlarmArgs
	list := make(sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationAlarmArray, len(alarms))
	for i, name := range alarms {
		list[i] = alarm{AlarmName: pulumi.String(name)}
	}
	config := sagemaker.EndpointDeploymentConfigArgs{AutoRollbackConfiguration: autoRollback{Alarms: list}}
	if u.strategy() == Rolling {
		config.RollingUpdatePolicy = u.rolling()
	} else {
		config.BlueGreenUpdatePolicy = u.blueGreen()
	}
	return config
}

func (u *Update) blueGreen() sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs {
	type traffic = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs
	type canarySize = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySizeArgs
	type stepSize = sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSizeArgs
	shift := traffic{
		Type:                  pulumi.String(routing[u.strategy()]),
		WaitIntervalInSeconds: seconds(u.wait()),
	}
	if u.CanarySize != nil {
		kind, value := u.CanarySize.capacity()
		shift.CanarySize = canarySize{Type: kind, Value: value}
	}
	if u.StepSize != nil {
		kind, value := u.StepSize.capacity()
		shift.LinearStepSize = stepSize{Type: kind, Value: value}
	}
	policy := sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs{
		TrafficRoutingConfiguration: shift,
		TerminationWaitInSeconds:    seconds(check.ValueOr(u.TerminationWait, 0)),
	}
	if u.Timeout != nil {
		policy.MaximumExecutionTimeoutInSeconds = seconds(*u.Timeout)
	}
	return policy
}

func (u *Update) rolling() sagemaker.EndpointDeploymentConfigRollingUpdatePolicyArgs {
	type batchSize = sagemaker.EndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSizeArgs
	type rollbackSize = sagemaker.EndpointDeploymentConfigRollingUpdatePolicyRollbackMaximumBatchSizeArgs
	kind, value := u.BatchSize.capacity()
	policy := sagemaker.EndpointDeploymentConfigRollingUpdatePolicyArgs{
		MaximumBatchSize:      batchSize{Type: kind, Value: value},
		WaitIntervalInSeconds: seconds(u.wait()),
	}
	if u.RollbackBatchSize != nil {
		kind, value := u.RollbackBatchSize.capacity()
		policy.RollbackMaximumBatchSize = rollbackSize{Type: kind, Value: value}
	}
	if u.Timeout != nil {
		policy.MaximumExecutionTimeoutInSeconds = seconds(*u.Timeout)
	}
	return policy
}

// capacity is the size as SageMaker takes it.
func (s *Size) capacity() (kind pulumi.String, value pulumi.Int) {
	if s.Instances != nil {
		return instanceCount, pulumi.Int(*s.Instances)
	}
	return capacityPercent, pulumi.Int(*s.Percent)
}

func seconds(span time.Duration) pulumi.Int { return pulumi.Int(int(span / time.Second)) }

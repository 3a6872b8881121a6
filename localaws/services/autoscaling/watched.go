package autoscaling

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/protocol/awsjson"
)

// How alarms of target tracking policies look at their metrics, in seconds and points (seen in the alarms that AWS
// makes: 3 points in 3 minutes above the target, 15 points in 15 minutes below nine tenths of it).
const (
	minute         int32 = 60
	highPoints     int32 = 3
	lowPoints      int32 = 15
	lowShare             = 0.9
	highResolution int32 = 10
)

// watched is what a predefined metric stands for in the namespace AWS/SageMaker.
type watched struct {
	metric    string
	statistic types.Statistic
	// period is that of the high alarm. The low one always takes a minute: high-resolution metrics scale out faster, and
	// scale in at the usual speed (SageMaker developer guide, "Define a scaling policy").
	period int32
}

// The statistics follow "Monitor SageMaker AI with CloudWatch": InvocationsPerInstance has only Sum, the concurrent
// requests have only Min and Max.
var predefined = map[string]watched{
	"SageMakerVariantInvocationsPerInstance": {"InvocationsPerInstance", types.StatisticSum, minute},
	"SageMakerVariantConcurrentRequestsPerModelHighResolution": {
		"ConcurrentRequestsPerModel", types.StatisticMaximum, highResolution,
	},
	"SageMakerVariantProvisionedConcurrencyUtilization": {
		"ServerlessProvisionedConcurrencyUtilization", types.StatisticAverage, minute,
	},
	"SageMakerInferenceComponentInvocationsPerCopy": {"InvocationsPerCopy", types.StatisticSum, minute},
	"SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution": {
		"ConcurrentRequestsPerCopy", types.StatisticMaximum, highResolution,
	},
}

// alarmInput is an alarm of a target tracking policy.
func alarmInput(policy awsjson.Object, name string) *cloudwatch.PutMetricAlarmInput {
	config := policy.Object("TargetTrackingScalingPolicyConfiguration")
	action := policy.Text("PolicyARN")
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName:        aws.String(name),
		AlarmDescription: aws.String("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + action + "."),
		ActionsEnabled:   aws.Bool(true), AlarmActions: []string{action},
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		EvaluationPeriods:  aws.Int32(highPoints), Threshold: aws.Float64(float(config, "TargetValue")),
	}
	low := isKind(name, alarmLow)
	if low {
		in.ComparisonOperator, in.EvaluationPeriods = types.ComparisonOperatorLessThanThreshold, aws.Int32(lowPoints)
		in.Threshold = aws.Float64(lowShare * float(config, "TargetValue"))
	}
	customized := config.Object("CustomizedMetricSpecification")
	switch {
	case customized.Has("Metrics"):
		in.Metrics = queries(customized.Objects("Metrics"))
	case customized != nil:
		in.Namespace, in.MetricName = text(customized, "Namespace"), text(customized, "MetricName")
		in.Statistic, in.Unit = types.Statistic(customized.Text("Statistic")), types.StandardUnit(customized.Text("Unit"))
		in.Dimensions, in.Period = dimensionsOf(customized), aws.Int32(minute)
	default:
		w := predefined[config.Object("PredefinedMetricSpecification").Text("PredefinedMetricType")]
		in.Namespace, in.MetricName = aws.String("AWS/SageMaker"), aws.String(w.metric)
		in.Statistic, in.Dimensions = w.statistic, resourceDimensions(policy.Text("ResourceId"))
		in.Period = aws.Int32(w.period)
		if low {
			in.Period = aws.Int32(minute)
		}
	}
	return in
}

// resourceDimensions are the dimensions that SageMaker publishes the metrics of a resource with.
func resourceDimensions(resource string) []types.Dimension {
	if endpoint, variant, ok := parseVariant(resource); ok {
		return []types.Dimension{
			{Name: aws.String("EndpointName"), Value: &endpoint}, {Name: aws.String("VariantName"), Value: &variant},
		}
	}
	component := componentPattern.FindStringSubmatch(resource)[1]
	return []types.Dimension{{Name: aws.String("InferenceComponentName"), Value: &component}}
}

func dimensionsOf(metric awsjson.Object) []types.Dimension {
	var list []types.Dimension
	for _, d := range metric.Objects("Dimensions") {
		list = append(list, types.Dimension{Name: text(d, "Name"), Value: text(d, "Value")})
	}
	return list
}

// queries are the metric math of a policy, a point per minute.
func queries(list []awsjson.Object) []types.MetricDataQuery {
	var all []types.MetricDataQuery
	for _, q := range list {
		query := types.MetricDataQuery{
			Id: text(q, "Id"), Expression: text(q, "Expression"), Label: text(q, "Label"),
		}
		if q.Has("ReturnData") {
			query.ReturnData = aws.Bool(q.Flag("ReturnData"))
		}
		if stat := q.Object("MetricStat"); stat != nil {
			metric := stat.Object("Metric")
			query.MetricStat = &types.MetricStat{
				Metric: &types.Metric{
					Namespace: text(metric, "Namespace"), MetricName: text(metric, "MetricName"),
					Dimensions: dimensionsOf(metric),
				},
				Period: aws.Int32(minute), Stat: text(stat, "Stat"), Unit: types.StandardUnit(stat.Text("Unit")),
			}
		}
		all = append(all, query)
	}
	return all
}

// float is a number member that may have a fraction, or 0.
func float(o awsjson.Object, name string) float64 {
	number, _ := o[name].(json.Number)
	value, _ := number.Float64()
	return value
}

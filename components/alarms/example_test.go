package alarms_test

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/alarms"
	"sagehost/components/internal/declared"
)

// The alarms of a variant in real time. Latencies are typed as spans, whatever unit the metric has.
func Example() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := alarms.New(ctx, "flowers", &alarms.Args{
			Spec:         alarms.Spec{ModelLatency: new(250 * time.Millisecond)},
			EndpointName: "flowers-dev",
			Variants:     []alarms.Variant{{Name: "main", InstanceType: "ml.m5.large", MaxInstances: 8}},
			TopicARN:     pulumi.String("arn:aws:sns:eu-west-1:123456789012:alerts"),
		})
		return err
	}))
	// Output:
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.4xx
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.5xx
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.at-max-capacity
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.cpu
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.disk
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.memory
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.model-latency
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.overhead-latency
}

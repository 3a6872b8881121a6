package endpoint_test

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/endpoint"
	"sagehost/components/internal/declared"
	"sagehost/components/logs"
)

// An endpoint whose updates give half of the traffic to the new model first, and take it back if an alarm goes off.
func Example() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		e, err := endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers-dev",
			Spec: endpoint.Spec{Update: &endpoint.Update{
				Strategy: endpoint.Canary, CanarySize: &endpoint.Size{Percent: new(50)}, Wait: new(10 * time.Minute),
			}},
			Variants: []endpoint.Variant{{
				VariantSpec: endpoint.VariantSpec{Name: "main", InstanceType: "ml.m5.large", InitialInstanceCount: new(2)},
				ModelName:   pulumi.String("flowers-0123abc"),
			}},
			Logs: logs.Spec{RetentionDays: new(30)},
		})
		if err != nil {
			return err
		}
		// Exporting the configuration in service is what makes a rolled-back update fail.
		ctx.Export("configuration", e.ConfigName)
		return nil
	}))
	// Output:
	// aws:cloudwatch/logGroup:LogGroup flowers
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.rollback-5xx
	// aws:cloudwatch/metricAlarm:MetricAlarm flowers.main.rollback-model-latency
	// aws:sagemaker/endpoint:Endpoint flowers
	// aws:sagemaker/endpointConfiguration:EndpointConfiguration flowers
	// pulumi:index:Stash flowers
}

// A serverless endpoint.
func Example_serverless() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := endpoint.New(ctx, "petals", &endpoint.Args{
			Name: "petals-dev",
			Variants: []endpoint.Variant{{
				VariantSpec: endpoint.VariantSpec{
					Name: "main", Serverless: &endpoint.Serverless{MemorySizeMB: 2048, MaxConcurrency: 20},
				},
				ModelName: pulumi.String("petals-0123abc"),
			}},
		})
		return err
	}))
	// Output:
	// aws:cloudwatch/logGroup:LogGroup petals
	// aws:sagemaker/endpoint:Endpoint petals
	// aws:sagemaker/endpointConfiguration:EndpointConfiguration petals
	// pulumi:index:Stash petals
}

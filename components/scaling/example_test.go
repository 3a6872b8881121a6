package scaling_test

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/declared"
	"sagehost/components/scaling"
)

// A variant that has as many instances as a load test says it needs, and never less than four on working days.
func Example() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec: scaling.Spec{
				Min: 2, Max: 8,
				LoadTest: &scaling.LoadTest{MaxRequestsPerSecond: 60},
				Schedules: []scaling.Schedule{
					{Name: "morning", Schedule: "cron(0 7 ? * MON-FRI *)", Timezone: "Europe/Berlin", Min: 4, Max: 8},
					{Name: "evening", Schedule: "cron(0 20 ? * MON-FRI *)", Timezone: "Europe/Berlin", Min: 2, Max: 8},
				},
			},
			EndpointName: pulumi.String("flowers-dev"), VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: 2},
		})
		return err
	}))
	// Output:
	// aws:appautoscaling/policy:Policy flowers.main
	// aws:appautoscaling/scheduledAction:ScheduledAction flowers.main.evening
	// aws:appautoscaling/scheduledAction:ScheduledAction flowers.main.morning
	// aws:appautoscaling/target:Target flowers.main
}

// An asynchronous variant without instances while no request waits.
func Example_fromZero() {
	fmt.Println(declared.By(func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "petals.main", &scaling.Args{
			Spec:         scaling.Spec{Min: 0, Max: 3},
			EndpointName: pulumi.String("petals-dev"), VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: 1, Asynchronous: true},
		})
		return err
	}))
	// Output:
	// aws:appautoscaling/policy:Policy petals.main
	// aws:appautoscaling/policy:Policy petals.main.leave-zero
	// aws:appautoscaling/target:Target petals.main
	// aws:cloudwatch/metricAlarm:MetricAlarm petals.main.leave-zero
}

// What cannot work is refused before anything is created, all problems at once.
func Example_refused() {
	_ = declared.By(func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec:         scaling.Spec{Min: 2, Max: 1, InvocationsPerInstance: new(-5.0)},
			EndpointName: pulumi.String("flowers-dev"), VariantName: "main",
			Variant: scaling.Variant{InitialInstanceCount: 2},
		})
		fmt.Println(err)
		return nil
	})
	// Output:
	// scaling "flowers.main": invocationsPerInstance: -5 is not above 0
	// max: 1 is less than min (2)
}

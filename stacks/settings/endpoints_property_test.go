package settings

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/kit/limits"
)

// attached are the instance types to which volumes are attached, and which take an update policy.
var attached = rapid.SampledFrom(slices.DeleteFunc(limits.DeployableInstanceTypes(), func(name string) bool {
	t := limits.InstanceType(name)
	return t.HasLocalStorage() || t.Family() == "inf1"
}))

// everyEndpoint draws an endpoint of each kind that must be accepted, of a model that must not be isolated.
func everyEndpoint(t *rapid.T, model string) object {
	span := func(label string, low, high int) string {
		return fmt.Sprintf("%ds", rapid.IntRange(low, high).Draw(t, label))
	}
	count := rapid.IntRange(2, 20).Draw(t, "instances")
	variant := func(name string) object {
		kind := attached.Draw(t, "attached")
		drawn := maybe(t, object{
			"name": name, "model": model, "instanceType": kind, "initialInstanceCount": count,
		}, object{
			"volumeSizeGb":             rapid.IntRange(1, 512).Draw(t, "volume"),
			"modelDataDownloadTimeout": span("download", 60, 3600),
			"routingStrategy":          rapid.SampledFrom(limits.Enum("RoutingStrategy")).Draw(t, "routing"),
		})
		const shape = "ProductionVariantInferenceAmiVersion"
		image := rapid.SampledFrom(limits.Enum(shape)).Draw(t, "machineImage")
		if limits.InstanceType(kind).Boots(image) && limits.ProviderLimit(shape, image) == "" {
			drawn["inferenceAmiVersion"] = image
		}
		return drawn
	}
	concurrency := rapid.IntRange(1, 200).Draw(t, "concurrency")
	serverless := maybe(t, object{
		"memorySizeMb": 1024 * rapid.IntRange(1, 6).Draw(t, "memory"), "maxConcurrency": concurrency,
	}, object{"provisionedConcurrency": rapid.IntRange(1, concurrency).Draw(t, "provisioned")})
	rare := object{"name": "main", "model": model, "serverless": serverless}
	watched := object{"concurrencyUtilization": 0.5, "overheadLatency": "59s", "memoryUtilization": 99}
	if n, some := serverless["provisionedConcurrency"].(int); some {
		rare = maybe(t, rare, object{"concurrencyScaling": validConcurrency(t, n, concurrency)})
		watched["provisionedConcurrencyUtilization"], watched["spillover"] = 0.5, "24h"
	}
	later := variant("main")
	if kind, _ := later["instanceType"].(string); !limits.InstanceType(kind).IsBurstable() {
		later = maybe(t, later, object{"scaling": validBacklog(t, count)})
	}
	capture := maybe(t, object{}, object{
		"percentage": rapid.IntRange(0, 100).Draw(t, "percentage"), "input": false, "csvContentTypes": []any{"text/csv"},
		"destination": "s3://captured/here",
	})
	return object{
		"kind-serverless": object{
			"variants": []any{rare}, "alarms": maybe(t, object{}, watched), "callers": validCallers(t, false),
		},
		"kind-async": maybe(t, object{
			"variants": []any{later},
			"callers":  validCallers(t, false),
			"alarms": maybe(t, object{}, object{
				"modelLatency": "3599s", "oldestRequest": "5h59m", "backlogWithoutCapacity": "1m", "expiredRequests": 0,
				"failedRequests": 7, "diskUtilization": 1,
			}),
			"async": maybe(t, object{}, object{
				"outputPath": "s3://answers/here", "failurePath": "s3://answers/there", "errorTopicArn": topic,
				"maxConcurrentInvocationsPerInstance": rapid.IntRange(1, 1000).Draw(t, "atATime"),
			}),
		}, object{"update": validUpdate(t, count), "kmsKeyArn": volumeKey}),
		"kind-shadow": maybe(t, object{
			"variants": []any{variant("main")}, "shadow": variant("next"),
		}, object{"update": validUpdate(t, count), "dataCapture": capture, "kmsKeyArn": volumeKey}),
		"kind-many": object{
			"variants": []any{object{"name": "main", "model": "Many", "instanceType": "ml.m5.large"}},
			"callers":  validCallers(t, true),
			"alarms": maybe(t, object{}, object{
				"modelCacheHit": 1, "modelLoadingWait": "1ms", "modelUnloads": 0, "idle": "168h",
			}),
		},
		"kind-pipeline": object{
			"variants": []any{object{"name": "main", "model": "Pipeline", "instanceType": "ml.m5.large"}},
			"alarms":   maybe(t, object{}, object{"containerLatency": "59s", "idle": "1h"}),
		},
	}
}

// validCallers draws callers of an endpoint, some of which may ask only some of its models.
func validCallers(t *rapid.T, models bool) object {
	callers := object{}
	for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID).Draw(t, "callers") {
		caller := object{}
		// A role's name holds the endpoint's, too, which is drawn with up to 33 characters.
		if len(name) <= maxRoleName-len(".")-33 {
			caller = maybe(t, object{}, object{"trustedRoles": []any{"arn:aws:iam::123456789012:role/" + name}})
		}
		if models {
			caller = maybe(t, caller, object{"targetModels": []any{name + "/*", "*"}})
		}
		callers[name] = caller
	}
	return callers
}

// validBacklog draws scaling of an asynchronous variant that starts with so many instances.
func validBacklog(t *rapid.T, count int) object {
	low, high := rapid.IntRange(0, count).Draw(t, "least"), count+rapid.IntRange(0, 20).Draw(t, "more")
	return maybe(t, object{"min": low, "max": high}, object{
		"backlogPerInstance": rapid.Float64Range(0.1, 1e6).Draw(t, "backlog"),
		"scaleInCooldown":    "24h",
		"schedules":          []any{object{"name": "night", "schedule": "rate(1 day)", "min": 0, "max": 0}},
	})
}

// validConcurrency draws scaling of a variant of which so much concurrency, of so much at most, is provisioned.
func validConcurrency(t *rapid.T, count, most int) object {
	low, high := rapid.IntRange(1, count).Draw(t, "low"), rapid.IntRange(count, most).Draw(t, "high")
	return maybe(t, object{"min": low, "max": high}, object{
		"utilization":      rapid.Float64Range(0.1, 0.9).Draw(t, "utilization"),
		"scaleOutCooldown": "0s",
		"schedules":        []any{object{"name": "day", "schedule": "rate(1 day)", "min": 1, "max": most}},
	})
}

// validUpdate draws an update policy for a variant of so many instances.
func validUpdate(t *rapid.T, count int) object {
	part := func(low int) object {
		if rapid.Bool().Draw(t, "byNumber") {
			least := (low*count + 99) / 100
			return object{"instances": rapid.IntRange(max(1, least), count/2).Draw(t, "number")}
		}
		return object{"percent": rapid.IntRange(low, 50).Draw(t, "percent")}
	}
	update := rapid.SampledFrom([]object{
		{},
		{"strategy": "allAtOnce"},
		{"strategy": "canary", "canarySize": part(1)},
		{"strategy": "linear", "stepSize": part(10)},
		{"strategy": "rolling", "batchSize": part(5), "rollbackBatchSize": object{"instances": count}},
	}).Draw(t, "policy")
	// No strategy takes more than 20 steps.
	members := object{"wait": fmt.Sprintf("%ds", rapid.IntRange(0, 140).Draw(t, "wait"))}
	maps.Copy(members, update)
	optional := object{
		"timeout":            fmt.Sprintf("%dm", rapid.IntRange(60, 240).Draw(t, "timeout")),
		"rollback":           rapid.Bool().Draw(t, "rollback"),
		"rollbackThresholds": object{"errorRate5xx": 0.5, "modelLatency": "59999ms"},
	}
	if members["strategy"] != "rolling" {
		optional["terminationWait"] = "3m"
	}
	return maybe(t, members, optional)
}

func TestEachLimitOfAnEndpointIsWhereItIsSaidToBe(t *testing.T) {
	t.Parallel()
	const (
		serverless = variantPath + "serverless."
		update     = "endpoints.flowers.update."
		alarms     = "endpoints.flowers.alarms."
		scale      = variantPath + "concurrencyScaling."
	)
	rare := change{"endpoints.flowers.variants": withoutInstances, open: "false"}
	// The variant has 2 provisioned of 10 requests at a time.
	scaledConcurrency := provisioned(change{variantPath + "concurrencyScaling": "{min: 1, max: 5}"})
	async := change{"endpoints.flowers.async": "{}", variantPath + "scaling": "{min: 1, max: 4}"}
	hundred := func(update string) change {
		return change{variantPath + "initialInstanceCount": "100", "endpoints.flowers.update": update}
	}
	for _, limit := range []struct {
		path      string
		low, high int
		unit      string
		set       change
	}{
		{variantPath + "modelDataDownloadTimeout", 60, 3600, "s", nil},
		{variantPath + "volumeSizeGb", 1, 512, "", nil},
		{serverless + "maxConcurrency", 1, 200, "", rare},
		{serverless + "provisionedConcurrency", 1, 10, "", rare}, // the concurrency of these
		{scale + "min", 1, 2, "", scaledConcurrency},
		{scale + "max", 2, 10, "", scaledConcurrency},
		{scale + "scaleInCooldown", 0, 86400, "s", scaledConcurrency},
		{scale + "scaleOutCooldown", 0, 86400, "s", scaledConcurrency},
		{alarms + "spillover", 1, 1440, "m", scaledConcurrency},
		{alarms + "idle", 1, 168, "h", nil},
		{alarms + "containerLatency", 1, 59_999, "ms", change{"models.flowers": twoStages}},
		{alarms + "modelLoadingWait", 1, 59_999, "ms", change{"models.flowers": manyModels}},
		{alarms + "oldestRequest", 1, 21599, "s", async},
		{alarms + "backlogWithoutCapacity", 1, 1440, "m", async},
		{alarms + "modelLatency", 1, 3_599_999, "ms", async},
		{variantPath + "scaling.min", 0, 1, "", async}, // no more than there are at the start
		{"encryption.deletionWindowDays", 7, 30, "", change{"encryption": "{enabled: true}"}},
		{"endpoints.flowers.async.maxConcurrentInvocationsPerInstance", 1, 1000, "", change{"endpoints.flowers.async": "{}"}},
		{"endpoints.flowers.dataCapture.percentage", 0, 100, "", change{"endpoints.flowers.dataCapture": "{}"}},
		{update + "wait", 0, 3000, "s", hundred("{}")}, // one wait alone
		{update + "terminationWait", 0, 3000, "s", hundred("{wait: 0s}")},
		{update + "timeout", 600, 14400, "s", hundred("{}")},
		{update + "canarySize.percent", 1, 50, "", hundred("{strategy: canary, canarySize: {}}")},
		{update + "canarySize.instances", 1, 50, "", hundred("{strategy: canary, canarySize: {}}")},
		{update + "stepSize.percent", 10, 50, "", hundred("{strategy: linear, stepSize: {}, wait: 1m}")},
		{update + "stepSize.instances", 10, 50, "", hundred("{strategy: linear, stepSize: {}, wait: 1m}")},
		{update + "batchSize.percent", 5, 50, "", hundred("{strategy: rolling, batchSize: {}, wait: 1m}")},
		{update + "batchSize.instances", 5, 50, "", hundred("{strategy: rolling, batchSize: {}, wait: 1m}")},
		{update + "rollbackThresholds.modelLatency", 1, 59_999, "ms", hundred("{rollbackThresholds: {}}")},
	} {
		t.Run(limit.path, func(t *testing.T) {
			t.Parallel()
			parse := func(n int) error {
				// Longer paths come later, so that the limit is set in what is there.
				set := maps.Clone(limit.set)
				if set == nil {
					set = change{}
				}
				set[limit.path] = fmt.Sprintf("%d%s", n, limit.unit)
				_, err := Parse(configured(t, set))
				return err
			}
			require.NoError(t, parse(limit.low))
			require.NoError(t, parse(limit.high))
			require.Error(t, parse(limit.low-1))
			require.Error(t, parse(limit.high+1))
			rapid.Check(t, func(t *rapid.T) {
				require.NoError(t, parse(rapid.IntRange(limit.low, limit.high).Draw(t, "n")))
			})
		})
	}
}

package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/kit/limits"
)

// object is a JSON object.
type object = map[string]any

var (
	names = rapid.StringMatching(`[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,10}){0,2}`)
	types = rapid.SampledFrom(slices.DeleteFunc(limits.DeployableInstanceTypes(), func(name string) bool {
		return limits.InstanceType(name).IsBurstable()
	}))
	versions = rapid.SampledFrom([]string{":1.0.0", ":v2", "@" + digest, ":v2@" + digest})
)

// maybe adds members that a user may leave out.
func maybe(t *rapid.T, members, optional object) object {
	for _, key := range slices.Sorted(maps.Keys(optional)) {
		if rapid.Bool().Draw(t, key) {
			members[key] = optional[key]
		}
	}
	return members
}

// valid draws settings that must be accepted.
func valid(t *rapid.T) resource.PropertyValue {
	models := object{}
	for _, name := range rapid.SliceOfNDistinct(names, 1, 3, rapid.ID).Draw(t, "models") {
		models[name] = maybe(t, object{"image": repository + versions.Draw(t, "version")}, object{
			"artifact":         "s3://models/" + name + "/model.tar.gz",
			"environment":      object{"LOG_LEVEL": "debug", "MAX_TOTAL_TOKENS": "2048"},
			"networkIsolation": rapid.Bool().Draw(t, "isolated"),
		})
	}
	endpoints := object{}
	for _, name := range rapid.SliceOfNDistinct(names, 1, 3, rapid.ID).Draw(t, "endpoints") {
		endpoints[name] = validEndpoint(t, slices.Sorted(maps.Keys(models)))
	}
	maps.Copy(models, everyModel(t))
	models["plain"] = object{"image": repository + ":1", "networkIsolation": false}
	models["staged"] = object{"containers": []any{object{"image": repository + ":1"}, object{"image": repository + ":1"}}}
	maps.Copy(endpoints, everyEndpoint(t, "plain"))
	days := func(label string) int { return rapid.IntRange(1, 3650).Draw(t, label) }
	key := maybe(t, object{}, object{"enabled": true})
	if key["enabled"] != nil {
		key = maybe(t, key, object{"protect": true, "deletionWindowDays": rapid.IntRange(7, 30).Draw(t, "window")})
	}
	return resource.NewPropertyValue(object{
		"encryption": key,
		"models":     models,
		"endpoints":  endpoints,
		"batch":      object{"every": validBatch(t, "plain"), "staged": validBatch(t, "staged")},
		"alerts":     object{"emails": []any{"on-call@example.com"}},
		"storage": maybe(t, object{"captureRetentionDays": days("capture")}, object{
			"protect": true, "batchRetentionDays": days("batch"), "noncurrentRetentionDays": days("noncurrent"),
		}),
	})
}

func validEndpoint(t *rapid.T, models []string) object {
	available := rapid.Bool().Draw(t, "highAvailability")
	least := 1
	if available {
		least = 2
	}
	var variants []any
	for _, name := range rapid.SliceOfNDistinct(names, 1, 10, rapid.ID).Draw(t, "variants") {
		low := rapid.IntRange(least, 20).Draw(t, "min")
		count := low + rapid.IntRange(0, 20).Draw(t, "initial")
		high := count + rapid.IntRange(0, 20).Draw(t, "max")
		variants = append(variants, maybe(t, object{
			"name":                 name,
			"model":                rapid.SampledFrom(models).Draw(t, "model"),
			"instanceType":         types.Draw(t, "instanceType"),
			"initialInstanceCount": count,
		}, object{
			"weight":                             float64(rapid.Float32Range(0.5, 1e6).Draw(t, "weight")),
			"containerStartupHealthCheckTimeout": fmt.Sprintf("%ds", rapid.IntRange(60, 3600).Draw(t, "timeout")),
			"scaling":                            validScaling(t, low, high),
		}))
	}
	rate := func(label string) float64 { return rapid.Float64Range(0.001, 0.999).Draw(t, label) }
	return object{
		"variants": variants, "highAvailability": available, "protect": rapid.Bool().Draw(t, "protect"),
		"callers": validCallers(t, true),
		"alarms": maybe(t, object{}, object{
			"errorRate5xx": rate("5xx"), "errorRate4xx": rate("4xx"), "cpuUtilization": 100 * rate("cpu"),
			"modelLatency": fmt.Sprintf("%dms", rapid.IntRange(1, 59999).Draw(t, "latency")),
		}),
	}
}

func validScaling(t *rapid.T, low, high int) object {
	target := rapid.Float64Range(0.1, 1e6).Draw(t, "target")
	scaling := rapid.SampledFrom([]object{
		{"invocationsPerInstance": target},
		{"concurrentRequestsPerModel": target},
		{"loadTest": object{"maxRequestsPerSecond": target}},
		{"loadTest": object{"maxRequestsPerSecond": target, "safetyFactor": 1}},
	}).Draw(t, "by")
	members := object{"min": low, "max": high}
	maps.Copy(members, scaling)
	return maybe(t, members, object{
		"scaleInCooldown":  "0s",
		"scaleOutCooldown": "24h",
		"schedules": []any{
			object{"name": "morning", "schedule": "cron(0 7 ? * MON-FRI *)", "min": low, "max": high},
			object{"name": "evening", "schedule": "rate(1 day)", "timezone": "Europe/Berlin", "min": low, "max": high},
		},
	})
}

func TestValidSettingsAreNeverRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, err := Parse(source(t, valid(t)))
		require.NoError(t, err)
		require.NotEmpty(t, s.Endpoints)
	})
}

func TestEachLimitIsWhereItIsSaidToBe(t *testing.T) {
	t.Parallel()
	const (
		variant = "endpoints.flowers.variants[0]."
		alarms  = "endpoints.flowers.alarms."
	)
	for _, limit := range []struct {
		path      string
		low, high int
		unit      string
	}{
		{"storage.captureRetentionDays", 1, 3650, ""},
		{"storage.batchRetentionDays", 1, 3650, ""},
		{"storage.noncurrentRetentionDays", 1, 3650, ""},
		{variant + "containerStartupHealthCheckTimeout", 60, 3600, "s"},
		{variant + "scaling.scaleInCooldown", 0, 86400, "s"},
		{variant + "scaling.scaleOutCooldown", 0, 86400, "s"},
		{variant + "initialInstanceCount", 1, 4, ""}, // the bounds of its scaling
		{alarms + "cpuUtilization", 1, 99, ""},
		{alarms + "memoryUtilization", 1, 99, ""},
		{alarms + "diskUtilization", 1, 99, ""},
		{alarms + "modelLatency", 1, 59_999, "ms"},
		{alarms + "overheadLatency", 1, 59_999, "ms"},
	} {
		t.Run(limit.path, func(t *testing.T) {
			t.Parallel()
			parse := func(n int) error {
				set := change{variant + "scaling": scaled, limit.path: fmt.Sprintf("%d%s", n, limit.unit)}
				_, err := Parse(configured(t, set))
				return err
			}
			require.NoError(t, parse(limit.low))
			require.NoError(t, parse(limit.high))
			require.Error(t, parse(limit.low-1))
			require.Error(t, parse(limit.high+1))
			rapid.Check(t, func(t *rapid.T) {
				n := rapid.IntRange(limit.low, limit.high).Draw(t, "n")
				require.NoError(t, parse(n))
			})
		})
	}
}

func TestTheErrorNamesThePlaceThatWasChanged(t *testing.T) {
	t.Parallel()
	mistakes := []struct{ member, value string }{
		{"model", "no-such-model-anywhere"},
		{"instanceType", "ml.m5.huge"},
		{"weight", "-1"},
		{"weight", "0.1"},
		{"name", "a_b"},
		{"containerStartupHealthCheckTimeout", "2h"},
		{"misspelt", "true"},
		{"scaling.misspelt", "true"},
		{"scaling.scaleInCooldown", "-1s"},
		{"concurrencyScaling.misspelt", "true"},
		{"concurrencyScaling.utilization", "0.91"},
	}
	rapid.Check(t, func(t *rapid.T) {
		config := valid(t)
		endpoints := config.ObjectValue()["endpoints"].ObjectValue()
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(endpoints))).Draw(t, "endpoint")
		variants := endpoints[name].ObjectValue()["variants"].ArrayValue()
		i := rapid.IntRange(0, len(variants)-1).Draw(t, "variant")
		mistake := rapid.SampledFrom(mistakes).Draw(t, "mistake")
		parent, _, nested := strings.Cut(mistake.member, ".")
		if nested && !variants[i].ObjectValue()[resource.PropertyKey(parent)].HasValue() {
			t.Skip("the variant does not scale in this way")
		}
		path := fmt.Sprintf("endpoints.%s.variants[%d].%s", name, i, mistake.member)
		_, err := Parse(source(t, changed(t, config, change{path: mistake.value})))
		problems := lines(t, err)
		if len(problems) != 1 || !strings.HasPrefix(problems[0], Namespace+":"+path+": ") {
			t.Fatalf("%s: %s is reported as %q", path, mistake.value, problems)
		}
	})
}

// documents are arbitrary JSON, rich in the keys that settings know.
func documents(depth int) *rapid.Generator[any] {
	leaves := rapid.OneOf(
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Float64().AsAny(), rapid.String().AsAny(),
		rapid.SampledFrom([]any{
			"5m", "ml.m5.large", repository, repository + ":1", "rate(1 day)", "linear", "rolling", 1, -1, 0,
		}),
	)
	if depth == 0 {
		return leaves
	}
	keys := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"flowers", "image", "artifact", "artifactFile", "environment", "networkIsolation", "variants", "alarms", "name",
		"model", "instanceType", "weight", "scaling", "min", "max", "loadTest", "schedules", "schedule", "modelLatency",
		"emails", "async", "dataCapture", "shadow", "serverless", "memorySizeMb", "maxConcurrency", "update", "strategy",
		"canarySize", "stepSize", "batchSize", "percent", "instances", "wait", "timeout", "rollbackThresholds",
		"release", "callers", "targetModels", "trustedRoles", "concurrencyScaling", "utilization", "backlogPerInstance",
		"enabled", "deletionWindowDays", "splitType", "strategy", "maxPayloadMb", "arrivals", "missedAfter",
		"containers", "hostname", "multiModel", "idle", "spillover", "modelCacheHit",
	}))
	deeper := documents(depth - 1)
	return rapid.OneOf(leaves, rapid.SliceOfN(deeper, 0, 3).AsAny(), rapid.MapOfN(keys, deeper, 0, 4).AsAny())
}

func TestArbitraryJSONIsSettingsOrAnError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		config := map[string]string{}
		for _, key := range []string{"pinned", "storage", "alerts", "encryption", "models", "endpoints", "batch"} {
			text, err := json.Marshal(documents(6).Draw(t, key))
			require.NoError(t, err)
			config[Namespace+":"+key] = string(text)
		}
		sound(t, config)
	})
}

package settings

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
)

// numeric is a number or a span in the settings: where it is, what it needs there, and a value that is taken.
type numeric struct {
	path  string
	base  change
	valid string
	// ours says that it goes to no API: any finite number, and any span above 0, may be meant.
	ours bool
}

// extremes are values that no number or span of the settings can have, by what they are written as.
var extremes = map[string][]string{
	"int": {
		"9223372036854775807", "-9223372036854775808", "4294967298", "2147483648", "-2147483649", "-1",
		"99999999999999999999", "1.5", "1e400",
	},
	"float64": {"NaN", "+Inf", "-Inf", "1e308", "-1e308", "-1", "1e400"},
	"time.Duration": {
		"2562047h47m16.854775807s", "-2562047h47m16.854775807s", "-1ns", "1ns", "99999999h",
	},
}

// infinite are those of a number that may be any finite one.
var infinite = []string{"NaN", "+Inf", "-Inf", "1e400"}

func numerics() []numeric {
	const (
		variant = "endpoints.flowers.variants[0]."
		scaling = variant + "scaling"
		update  = "endpoints.flowers.update"
		alarm   = "endpoints.flowers.alarms."
	)
	scheduled := "{min: 1, max: 4, invocationsPerInstance: 600, " +
		"schedules: [{name: a, schedule: rate(1 day), min: 1, max: 2}]}"
	concurrent := "{min: 1, max: 5, schedules: [{name: a, schedule: rate(1 day), min: 1, max: 2}]}"
	four := func(update string) change {
		return change{"endpoints.flowers.update": update, variant + "initialInstanceCount": "4"}
	}
	serverless := provisioned
	list := []numeric{
		{path: "encryption.deletionWindowDays", base: change{"encryption": "{enabled: true}"}, valid: "7"},
		{path: "logs.retentionDays", base: change{"logs": "{}"}, valid: "7"},
		{path: "network.availabilityZones", base: change{"network": "{}"}, valid: "3"},
		{path: "network.flowLogs.retentionDays", base: change{"network": "{flowLogs: {}}"}, valid: "7"},
		{
			path: "endpoints.flowers.async.maxConcurrentInvocationsPerInstance",
			base: change{"endpoints.flowers.async": "{}"}, valid: "4",
		},
		{path: "endpoints.flowers.dataCapture.percentage", base: change{"endpoints.flowers.dataCapture": "{}"}, valid: "50"},
		{path: update + ".canarySize.percent", base: four("{strategy: canary, canarySize: {}}"), valid: "50"},
		{path: update + ".canarySize.instances", base: four("{strategy: canary, canarySize: {}}"), valid: "2"},
		{path: update + ".stepSize.percent", base: four("{strategy: linear, stepSize: {}}"), valid: "50"},
		{path: update + ".stepSize.instances", base: four("{strategy: linear, stepSize: {}}"), valid: "2"},
		{path: update + ".batchSize.percent", base: four("{strategy: rolling, batchSize: {}}"), valid: "50"},
		{path: update + ".batchSize.instances", base: four("{strategy: rolling, batchSize: {}}"), valid: "2"},
		{
			path:  update + ".rollbackBatchSize.percent",
			base:  four("{strategy: rolling, batchSize: {percent: 50}, rollbackBatchSize: {}}"),
			valid: "100",
		},
		{
			path:  update + ".rollbackBatchSize.instances",
			base:  four("{strategy: rolling, batchSize: {percent: 50}, rollbackBatchSize: {}}"),
			valid: "4",
		},
		{path: update + ".wait", base: four("{}"), valid: "1m"},
		{path: update + ".terminationWait", base: four("{}"), valid: "1m"},
		{path: update + ".timeout", base: four("{}"), valid: "30m"},
		{path: update + ".rollbackThresholds.errorRate5xx", base: four("{rollbackThresholds: {}}"), valid: "0.5"},
		{path: update + ".rollbackThresholds.modelLatency", base: four("{rollbackThresholds: {}}"), valid: "1s"},
		{path: variant + "serverless.memorySizeMb", base: serverless(change{}), valid: "1024"},
		{path: variant + "serverless.maxConcurrency", base: serverless(change{}), valid: "5"},
		{path: variant + "serverless.provisionedConcurrency", base: serverless(change{}), valid: "1"},
		{path: scaling + ".min", base: change{scaling: scaled}, valid: "1"},
		{path: scaling + ".max", base: change{scaling: scaled}, valid: "9"},
		{path: scaling + ".invocationsPerInstance", base: change{scaling: "{min: 1, max: 2}"}, valid: "0.5"},
		{path: scaling + ".concurrentRequestsPerModel", base: change{scaling: "{min: 1, max: 2}"}, valid: "0.5"},
		{
			path: scaling + ".loadTest.maxRequestsPerSecond",
			base: change{scaling: "{min: 1, max: 2, loadTest: {}}"}, valid: "9",
		},
		{
			path: scaling + ".loadTest.safetyFactor",
			base: change{scaling: "{min: 1, max: 2, loadTest: {maxRequestsPerSecond: 1}}"}, valid: "0.5",
		},
		{
			path: scaling + ".backlogPerInstance",
			base: change{"endpoints.flowers.async": "{}", scaling: "{min: 0, max: 2}"}, valid: "5",
		},
		{path: scaling + ".scaleInCooldown", base: change{scaling: scaled}, valid: "1m"},
		{path: scaling + ".scaleOutCooldown", base: change{scaling: scaled}, valid: "1m"},
		{path: scaling + ".schedules[0].min", base: change{scaling: scheduled}, valid: "2"},
		{path: scaling + ".schedules[0].max", base: change{scaling: scheduled}, valid: "9"},
		{path: "batch.flowers.instanceCount", base: batched(), valid: "2"},
		{path: "batch.flowers.maxPayloadMb", base: batched(), valid: "0"},
		{path: "batch.flowers.maxConcurrentTransforms", base: batched(), valid: "2"},
		{path: "batch.flowers.invocationsTimeout", base: batched(), valid: "1m"},
		{path: "batch.flowers.invocationsMaxRetries", base: batched(), valid: "0"},
		{path: "batch.flowers.timeout", base: batched(), valid: "1h"},
		{
			path: "batch.flowers.alarms.missedAfter", base: batched("schedule: 'rate(1 hour)'", "alarms: {}"), valid: "3h",
		},
		{path: "promotion.evidenceMaxAge", base: change{"promotion": "{from: prod}"}, valid: "24h"},
		gated("smoke.minRequests", "{p99: 1s}", "20"),
		gated("bake.for", "{}", "1h"),
		gated("bake.minSamples", "{}", "5"),
		gated("evaluation.rmse.min", "{rmse: {}}", "1"),
		gated("evaluation.rmse.max", "{rmse: {}}", "1"),
		gated("evaluation.rmse.maxRise", "{rmse: {}}", "1"),
		gated("evaluation.r2.maxDrop", "{r2: {}}", "0.1"),
	}
	// A gate that nothing passes is no alarm that always rings.
	list = append(list, gated("smoke.p99", "{}", "1s"))
	for i := range list[len(list)-5:] {
		list[len(list)-5+i].ours = true
	}
	for _, key := range []string{"captureRetentionDays", "batchRetentionDays", "noncurrentRetentionDays"} {
		list = append(list, numeric{path: "storage." + key, base: change{"storage": "{}"}, valid: "7"})
	}
	for key, valid := range map[string]string{
		"initialInstanceCount": "2", "weight": "0.5", "containerStartupHealthCheckTimeout": "5m",
		"modelDataDownloadTimeout": "5m", "volumeSizeGb": "50",
	} {
		list = append(list, numeric{path: variant + key, valid: valid},
			numeric{path: "endpoints.flowers.shadow." + key, base: change{"endpoints.flowers.shadow": shadowed}, valid: valid})
	}
	for key, valid := range map[string]string{
		"min": "1", "max": "9", "utilization": "0.5", "scaleInCooldown": "1m", "scaleOutCooldown": "1m",
		"schedules[0].min": "2", "schedules[0].max": "9",
	} {
		list = append(list, numeric{
			path: variant + "concurrencyScaling." + key, valid: valid,
			base: serverless(change{variant + "concurrencyScaling": concurrent}),
		})
	}
	kinds := map[string]func() change{
		"plain": func() change { return change{} }, "pipeline": func() change { return change{"models.flowers": twoStages} },
		"many":  func() change { return change{"models.flowers": manyModels} },
		"async": func() change { return change{"endpoints.flowers.async": "{}"} },
		"serverless": func() change {
			return change{"endpoints.flowers.variants": withoutInstances, open: "false"}
		},
		"provisioned": func() change { return serverless(change{}) },
	}
	for _, threshold := range thresholds {
		base := kinds[threshold.kinds[0]]()
		base["endpoints.flowers.alarms"] = "{}"
		list = append(list, numeric{path: alarm + threshold.key, base: base, valid: threshold.value})
	}
	return list
}

// gated is a number of a gate.
func gated(path, base, valid string) numeric {
	gate, _, _ := strings.Cut(path, ".")
	return numeric{
		path: "promotion.gates.flowers." + path, valid: valid,
		base: change{"promotion": "{from: prod, gates: {flowers: {" + gate + ": " + base + "}}}"},
	}
}

var indexOrName = regexp.MustCompile(`\[0\]|(models|endpoints|batch|gates|evaluation)\.(flowers|rmse|r2)`)

// general is a path with the names that settings give left out, as walk writes it.
func general(path string) string {
	return indexOrName.ReplaceAllStringFunc(path, func(part string) string {
		if part == "[0]" {
			return "[]"
		}
		key, _, _ := strings.Cut(part, ".")
		return key + "{}"
	})
}

func TestEveryNumberAndSpanHasBounds(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	walkTypes(reflect.TypeFor[Settings](), "", func(path string, typ reflect.Type) {
		if strings.Contains(path, "shadow.serverless") {
			return // is refused as a whole
		}
		if _, numeric := extremes[typ.String()]; numeric {
			want[path] = typ.String()
		}
	})
	require.Greater(t, len(want), 70)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.prod.yaml"), nil, 0o600))
	tested := map[string]bool{}
	for _, n := range numerics() {
		kind := want[general(n.path)]
		require.NotEmpty(t, kind, n.path)
		tested[general(n.path)] = true
		valid := any(json.Number(n.valid))
		if kind == "time.Duration" {
			valid = n.valid
		}
		assert.Empty(t, problemsAt(t, dir, n, valid), "%s: %s", n.path, n.valid)
		refused := extremes[kind]
		switch {
		case n.ours && kind == "time.Duration":
			refused = slices.DeleteFunc(slices.Clone(refused), func(span string) bool { return span == "1ns" })
		case n.ours:
			refused = infinite
		}
		for _, extreme := range refused {
			value := any(json.Number(extreme))
			if kind == "time.Duration" {
				value = extreme
			}
			at := "sagehost:" + n.path + ": "
			found := false
			for _, problem := range problemsAt(t, dir, n, value) {
				found = found || strings.HasPrefix(problem.String(), at)
			}
			assert.True(t, found, "%s takes %s", n.path, extreme)
		}
	}
	for path := range want {
		assert.True(t, tested[path], "no test of the bounds of %s", path)
	}
}

// problemsAt are those of the minimal configuration with a number, which need not be one that JSON can write.
func problemsAt(t *testing.T, dir string, n numeric, value any) check.Problems {
	t.Helper()
	text, err := json.Marshal(changed(t, tree(t, minimal), n.base).Mappable())
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var config any
	require.NoError(t, decoder.Decode(&config))
	path, err := resource.ParsePropertyPath(n.path)
	require.NoError(t, err)
	put(t, config, path, value)
	s, malformed, invalid := &Settings{}, check.New(Namespace+":"), check.New(Namespace+":")
	decode(malformed, config, reflect.ValueOf(s).Elem())
	s.check(invalid, Source{Stack: "dev", Dir: dir}, true)
	return check.Join(malformed.Problems(), invalid.Problems().Outside(malformed.Problems()))
}

// put stores a value in a tree of JSON.
func put(t *testing.T, config any, path resource.PropertyPath, value any) {
	t.Helper()
	for _, key := range path[:len(path)-1] {
		switch key := key.(type) {
		case string:
			config = config.(map[string]any)[key]
		case int:
			config = config.([]any)[key]
		}
	}
	object, ok := config.(map[string]any)
	require.True(t, ok, path)
	object[path[len(path)-1].(string)] = value
}

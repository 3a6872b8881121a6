package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/components/alarms"
	"sagehost/components/scaling"
)

// Settings that make the model of the minimal configuration another one, and its endpoint answer in another way.
const (
	manyModels = "{image: '" + repository + ":1', multiModel: {}}"
	twoStages  = "{containers: [{image: '" + repository + ":1', hostname: first}, {image: '" + repository +
		":2', hostname: second}]}"
	stagesUnnamed = "{containers: [{image: '" + repository + ":1'}, {image: '" + repository + ":2', multiModel: {}}]}"
)

func TestAlarmsKnowWhatTheyWatch(t *testing.T) {
	t.Parallel()
	const large = "ml.m5.large"
	for _, test := range []struct {
		name string
		set  change
		want alarms.Variant
	}{
		{"instances", nil, alarms.Variant{Name: "main", InstanceType: large}},
		{
			"a shadow that answers nobody",
			change{"endpoints.flowers.shadow": shadowed},
			alarms.Variant{Name: "main", InstanceType: large},
		},
		{
			"instances that scale",
			change{variantPath + "scaling": scaled},
			alarms.Variant{Name: "main", InstanceType: large, MaxInstances: 4},
		},
		{
			"instances that do not, though they might",
			change{variantPath + "scaling": "{min: 1, max: 1, invocationsPerInstance: 1}"},
			alarms.Variant{Name: "main", InstanceType: large},
		},
		{
			"many models",
			change{"models.flowers": manyModels},
			alarms.Variant{Name: "main", InstanceType: large, MultiModel: true},
		},
		{
			"a pipeline",
			change{"models.flowers": twoStages},
			alarms.Variant{Name: "main", InstanceType: large, Containers: []string{"first", "second"}},
		},
		{
			"a pipeline without names, of many models",
			change{"models.flowers": stagesUnnamed},
			alarms.Variant{
				Name: "main", InstanceType: large, MultiModel: true, Containers: []string{"container-1", "container-2"},
			},
		},
		{
			"asynchronous",
			change{"endpoints.flowers.async": "{}", variantPath + "scaling": "{min: 0, max: 2}"},
			alarms.Variant{Name: "main", InstanceType: large, Asynchronous: true, MaxInstances: 2},
		},
		{
			"serverless",
			change{"endpoints.flowers.variants": withoutInstances, open: "false"},
			alarms.Variant{Name: "main", Serverless: &alarms.Serverless{}},
		},
		{
			"serverless, and provisioned", provisioned(change{}),
			alarms.Variant{Name: "main", Serverless: &alarms.Serverless{ProvisionedConcurrency: true}},
		},
	} {
		s := accept(t, test.set)
		e := s.Endpoints["flowers"]
		assert.Equal(t, []alarms.Variant{test.want}, e.Watched(s.Models), test.name)
	}
}

func TestScalingKnowsWhatItScales(t *testing.T) {
	t.Parallel()
	const async = "endpoints.flowers.async"
	for _, test := range []struct {
		name string
		set  change
		want scaling.Variant
	}{
		{"instances", nil, scaling.Variant{InitialInstanceCount: 1, CountByDefault: true, MinInstances: 1}},
		{
			"burstable instances",
			change{variantPath + "instanceType": "ml.t2.medium"},
			scaling.Variant{InitialInstanceCount: 1, CountByDefault: true, MinInstances: 1, Burstable: true},
		},
		{
			"in several zones",
			change{"endpoints.flowers.highAvailability": "true", variantPath + "initialInstanceCount": "2"},
			scaling.Variant{InitialInstanceCount: 2, MinInstances: 2},
		},
		{
			"asynchronous",
			change{async: "{}"},
			scaling.Variant{InitialInstanceCount: 1, CountByDefault: true, Asynchronous: true},
		},
		{
			"asynchronous in several zones",
			change{async: "{}", "endpoints.flowers.highAvailability": "true", variantPath + "initialInstanceCount": "3"},
			scaling.Variant{InitialInstanceCount: 3, MinInstances: 2, Asynchronous: true},
		},
	} {
		e := accept(t, test.set).Endpoints["flowers"]
		assert.Equal(t, test.want, e.Variants[0].ScaledVariant(&e), test.name)
	}
	e := accept(t, provisioned(change{})).Endpoints["flowers"]
	want := scaling.ServerlessVariant{ProvisionedConcurrency: 2, MaxConcurrency: 10}
	assert.Equal(t, want, e.Variants[0].ScaledConcurrency())
}

// thresholds is one valid value for each, and the kinds of endpoints that publish its metric.
var thresholds = []struct {
	key, value string
	kinds      []string
}{
	{"errorRate5xx", "0.5", []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"}},
	{"errorRate4xx", "0.5", []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"}},
	{"modelLatency", "1s", []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"}},
	{"overheadLatency", "1s", []string{"plain", "pipeline", "many", "serverless", "provisioned"}},
	{"cpuUtilization", "50", []string{"plain", "pipeline", "many", "async"}},
	{"memoryUtilization", "50", []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"}},
	{"diskUtilization", "50", []string{"plain", "pipeline", "many", "async"}},
	{"containerLatency", "1s", []string{"pipeline"}},
	{"modelCacheHit", "0.5", []string{"many"}},
	{"modelLoadingWait", "1s", []string{"many"}},
	{"modelUnloads", "5", []string{"many"}},
	{"concurrencyUtilization", "0.5", []string{"serverless", "provisioned"}},
	{"provisionedConcurrencyUtilization", "0.5", []string{"provisioned"}},
	{"spillover", "5m", []string{"provisioned"}},
	{"oldestRequest", "5m", []string{"async"}},
	{"backlogWithoutCapacity", "5m", []string{"async"}},
	{"expiredRequests", "0", []string{"async"}},
	{"failedRequests", "0", []string{"async"}},
	{"idle", "24h", []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"}},
}

func TestAThresholdIsRefusedWhereThereIsNoMetricOfIt(t *testing.T) {
	t.Parallel()
	kinds := map[string]func() change{
		"plain":    func() change { return change{} },
		"pipeline": func() change { return change{"models.flowers": twoStages} },
		"many":     func() change { return change{"models.flowers": manyModels} },
		"async":    func() change { return change{"endpoints.flowers.async": "{}"} },
		"serverless": func() change {
			return change{"endpoints.flowers.variants": withoutInstances, open: "false"}
		},
		"provisioned": func() change { return provisioned(change{}) },
	}
	for _, threshold := range thresholds {
		path := "endpoints.flowers.alarms." + threshold.key
		var accepted []string
		for _, kind := range []string{"plain", "pipeline", "many", "async", "serverless", "provisioned"} {
			set := kinds[kind]()
			set[path] = threshold.value
			_, err := Parse(configured(t, set))
			if err == nil {
				accepted = append(accepted, kind)
				continue
			}
			assert.Equal(t, []string{"sagehost:" + path +
				": is of a metric that SageMaker does not publish for this endpoint; leave it out"}, lines(t, err), kind)
		}
		assert.Equal(t, threshold.kinds, accepted, threshold.key)
	}
}

// What a model is that nobody knows cannot be said: then any threshold may be right.
func TestAModelMisspeltIsTheOnlyProblem(t *testing.T) {
	t.Parallel()
	refuse(t, []row{{
		name: "of many models", set: change{
			"models.flowers": manyModels, variantPath + "model": "flower",
			"endpoints.flowers.alarms": "{modelCacheHit: 0.5, containerLatency: 1s}",
		},
		want: []string{"sagehost:" + variantPath +
			`model: "flower" is not among the stack's models; did you mean "flowers"?`},
	}})
}

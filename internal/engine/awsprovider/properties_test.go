package awsprovider

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

type bag = map[string]any

func secret(value any) bag {
	return bag{resource.SigKey: resource.SecretSig, "value": value}
}

func TestPropertiesGoToTheBridgeAndBack(t *testing.T) {
	t.Parallel()
	const (
		alarm     = "aws:cloudwatch/metricAlarm:MetricAlarm"
		bucket    = "aws:s3/bucketV2:BucketV2"
		lifecycle = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
		action    = "aws:appautoscaling/scheduledAction:ScheduledAction"
		archive   = "aws:s3/bucketObjectv2:BucketObjectv2"
		unknown   = plugin.UnknownStringValue
	)
	path := contentFile(t)
	output := func(value any) bag {
		return bag{
			resource.SigKey: resource.OutputValueSig, "value": value, "secret": true, "dependencies": []any{"urn"},
		}
	}
	for _, test := range []struct {
		title, resource string
		sdk, bridge     bag
	}{
		{"a name", alarm, bag{"name": "a", "period": 60.0}, bag{"alarmName": "a", "period": 60.0}},
		{"an unknown name", alarm, bag{"name": unknown}, bag{"alarmName": unknown}},
		{"a secret name", alarm, bag{"name": secret("a")}, bag{"alarmName": secret("a")}},
		{"a name of an output", alarm, bag{"name": output("a")}, bag{"alarmName": output("a")}},
		{
			"one object for a list", lifecycle,
			bag{"rules": []any{bag{"id": "r", "expiration": bag{"days": 30.0}}}},
			bag{"rules": []any{bag{"id": "r", "expirations": []any{bag{"days": 30.0}}}}},
		},
		{
			"nothing for an empty list", lifecycle,
			bag{"rules": []any{bag{"filter": nil}}},
			bag{"rules": []any{bag{"filters": []any{}}}},
		},
		{
			"objects in objects", lifecycle,
			bag{"rules": []any{bag{"filter": bag{"and": bag{"prefix": "p"}}}}},
			bag{"rules": []any{bag{"filters": []any{bag{"ands": []any{bag{"prefix": "p"}}}}}}},
		},
		{
			"objects in secrets", lifecycle,
			bag{"rules": secret([]any{secret(bag{"filter": secret(bag{"tag": bag{"key": "k"}})})})},
			bag{"rules": secret([]any{secret(bag{"filters": secret([]any{bag{"tags": []any{bag{"key": "k"}}}})})})},
		},
		{
			"an unknown object", lifecycle,
			bag{"rules": []any{bag{"expiration": unknown}}},
			bag{"rules": []any{bag{"expirations": unknown}}},
		},
		{
			"a list for one object", bucket,
			bag{"versionings": []any{bag{"enabled": true}}},
			bag{"versioning": bag{"enabled": true}},
		},
		{"an empty list for nothing", bucket, bag{"loggings": []any{}}, bag{"logging": nil}},
		{
			"a number for text", action,
			bag{"scalableTargetAction": bag{"minCapacity": 0.0, "maxCapacity": 12.0}},
			bag{"scalableTargetAction": bag{"minCapacity": "0", "maxCapacity": "12"}},
		},
		{
			"an unknown number", action,
			bag{"scalableTargetAction": bag{"minCapacity": unknown}},
			bag{"scalableTargetAction": bag{"minCapacity": unknown}},
		},
		{"a file for its path", archive, bag{"source": file(path, contentHash)}, bag{"source": path}},
		{"a file that has gone", archive, bag{"source": file("gone.tar.gz", "")}, bag{"source": "gone.tar.gz"}},
		{"a file in a secret", archive, bag{"source": secret(file(path, contentHash))}, bag{"source": secret(path)}},
		{"a file of an output", archive, bag{"source": output(file(path, contentHash))}, bag{"source": output(path)}},
		{"an unknown file", archive, bag{"source": unknown}, bag{"source": unknown}},
		{"no file", archive, bag{"source": nil}, bag{"source": nil}},
		{"a path that is no file's", archive, bag{"content": path}, bag{"content": path}},
		{
			"an object of the configuration, as JSON", providerType,
			bag{"defaultTags": `{"tags":{"a":"b"}}`},
			bag{"defaultTags": `[{"tags":{"a":"b"}}]`},
		},
		{
			"an object of the configuration", providerType,
			bag{"defaultTags": bag{"tags": bag{"a": "b"}}},
			bag{"defaultTags": []any{bag{"tags": bag{"a": "b"}}}},
		},
		{"a resource like Terraform's", "aws:sns/topic:Topic", bag{"name": "t"}, bag{"name": "t"}},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			moved, err := structpb.NewStruct(test.sdk)
			require.NoError(t, err)
			resources[test.resource].bag(moved)
			assert.Equal(t, test.bridge, moved.AsMap())
			resources[test.resource].inverse().bag(moved)
			assert.Equal(t, test.sdk, moved.AsMap())
		})
	}
}

func TestAFileComesBackWithTheHashOfWhatIsInItNow(t *testing.T) {
	t.Parallel()
	path := contentFile(t)
	table := resources["aws:s3/bucketObjectv2:BucketObjectv2"]
	moved := bagOf(t, bag{"source": file(path, "0000")})
	table.bag(moved)
	table.inverse().bag(moved)
	assert.Equal(t, bag{"source": file(path, contentHash)}, moved.AsMap())
}

func TestPathsGoToTheBridgeAndBack(t *testing.T) {
	t.Parallel()
	table := fields{
		"name": {name: "alarmName"},
		"rules": {inner: fields{
			"filter": {name: "filters", shape: boxed, inner: fields{"and": {name: "ands", shape: boxed}}},
		}},
		"logs": {name: "log", shape: unboxed},
	}
	for sdk, bridge := range map[string]string{
		"name":                       "alarmName",
		"tags.name":                  "tags.name",
		"rules[1].id":                "rules[1].id",
		"rules[1].filter":            "rules[1].filters",
		"rules[1].filter.and.prefix": "rules[1].filters[0].ands[0].prefix",
		"logs[0].bucket":             "log.bucket",
		"logs":                       "log",
		`tags["a.b"]`:                `tags["a.b"]`,
		"":                           "",
	} {
		assert.Equal(t, bridge, table.path(sdk))
		assert.Equal(t, sdk, table.inverse().path(bridge))
	}
}

package awsprovider

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	bucketURN = "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::Data"
	objectURN = "urn:pulumi:dev::p::sagehost:archive:Archive$aws:s3/bucketObjectv2:BucketObjectv2::Data"
	alarmURN  = "urn:pulumi:dev::p::sagehost:alarms:Alarms$aws:cloudwatch/metricAlarm:MetricAlarm::Errors"
)

func bagOf(t *testing.T, properties bag) *structpb.Struct {
	t.Helper()
	made, err := structpb.NewStruct(properties)
	require.NoError(t, err)
	return made
}

func TestNameIsGeneratedOnlyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, urn       string
		olds, news, want bag
	}{
		{"no name yet", alarmURN, nil, bag{"period": 1.0}, bag{"period": 1.0, "name": "Errors-1ec836c"}},
		{"a bucket's name is lower case", bucketURN, nil, bag{}, bag{"bucket": "data-1ec836c"}},
		{"an object's key is its logical name", objectURN, nil, bag{}, bag{"key": "Data"}},
		{"an object's key of the program", objectURN, nil, bag{"key": "a/b"}, bag{"key": "a/b"}},
		{"null is no name", alarmURN, nil, bag{"name": nil}, bag{"name": "Errors-1ec836c"}},
		{"the name it has", alarmURN, bag{"name": "Errors-0000000"}, bag{}, bag{"name": "Errors-0000000"}},
		{"a name of the program", alarmURN, bag{"name": "old"}, bag{"name": "mine"}, bag{"name": "mine"}},
		{"a prefix of the program", bucketURN, nil, bag{"bucketPrefix": "mine"}, bag{"bucketPrefix": "mine"}},
		{"a resource that the bridge names", "urn:pulumi:dev::p::aws:sns/topic:Topic::t", nil, bag{}, bag{}},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			check := &pulumirpc.CheckRequest{
				Urn: test.urn, Olds: bagOf(t, test.olds), News: bagOf(t, test.news), RandomSeed: []byte("seed"),
			}
			require.NoError(t, autoname(check))
			assert.Equal(t, test.want, check.GetNews().AsMap())
		})
	}
}

func TestLogicalNameThatLeavesNoRoomForTheSuffixIsAnError(t *testing.T) {
	t.Parallel()
	urn := "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::a23456789-b23456789-c23456789-d23456789-e23456789-f2345"
	require.NoError(t, autoname(&pulumirpc.CheckRequest{Urn: urn}))
	require.EqualError(t, autoname(&pulumirpc.CheckRequest{Urn: urn + "6"}), urn+"6: name "+
		"'a23456789-b23456789-c23456789-d23456789-e23456789-f23456-' plus 7 random chars is longer than maximum length 63")
}

func TestAutonamingSettingsOfTheStackAreFollowed(t *testing.T) {
	t.Parallel()
	check := func(mode pulumirpc.CheckRequest_AutonamingOptions_Mode) (string, error) {
		request := &pulumirpc.CheckRequest{
			Urn:        bucketURN,
			Autonaming: &pulumirpc.CheckRequest_AutonamingOptions{ProposedName: "Dev-Data", Mode: mode},
		}
		err := autoname(request)
		return request.GetNews().GetFields()["bucket"].GetStringValue(), err
	}
	proposed, err := check(pulumirpc.CheckRequest_AutonamingOptions_PROPOSE)
	require.NoError(t, err)
	assert.Equal(t, "dev-data", proposed)
	enforced, err := check(pulumirpc.CheckRequest_AutonamingOptions_ENFORCE)
	require.NoError(t, err)
	assert.Equal(t, "Dev-Data", enforced)
	_, err = check(pulumirpc.CheckRequest_AutonamingOptions_DISABLE)
	require.EqualError(t, err, bucketURN+": automatic naming is off and bucket is not set")
}

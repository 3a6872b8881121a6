package dataplane_test

import (
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryRequestIsCaptured(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.configOf(&sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("flowers"),
		ProductionVariants: []types.ProductionVariant{variant("main", "flowers")},
		DataCaptureConfig: &types.DataCaptureConfig{
			EnableCapture: aws.Bool(true), DestinationS3Uri: aws.String("s3://models/captured"),
			InitialSamplingPercentage: aws.Int32(100),
			CaptureOptions: []types.CaptureOption{
				{CaptureMode: types.CaptureModeInput}, {CaptureMode: types.CaptureModeOutput},
			},
			CaptureContentTypeHeader: &types.CaptureContentTypeHeader{CsvContentTypes: []string{"text/csv"}},
		},
	})
	w.endpoint("flowers", "flowers")
	for _, id := range []string{"first", "second", "third"} {
		w.assertAnswer(flowerSeen, "flowers", flower, func(in *sagemakerruntime.InvokeEndpointInput) {
			in.InferenceId, in.CustomAttributes = &id, aws.String("trace=1")
		})
	}
	// What the container refuses is not captured.
	_, err := w.invoke(t.Context(), "flowers", "no flower")
	assert.Equal(t, 424, statusOf(err))
	w.pass(minutes(3))

	var lines []string
	require.Eventually(t, func() bool {
		lines = nil
		for _, key := range w.keys("captured/") {
			assert.Regexp(t, `^captured/flowers/main/\d{4}/\d\d/\d\d/\d\d$`, path.Dir(key))
			assert.Regexp(t, `^\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$`, path.Base(key))
			content, _ := w.object("s3://models/" + key)
			lines = append(lines, strings.Split(strings.TrimSuffix(content, "\n"), "\n")...)
		}
		return len(lines) >= 3
	}, soon, often)
	require.Len(t, lines, 3)
	seen := map[string]bool{}
	for _, line := range lines {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		meta, ok := record["eventMetadata"].(map[string]any)
		require.True(t, ok)
		id, ok := meta["inferenceId"].(string)
		require.True(t, ok)
		seen[id] = true
		assert.Regexp(t, `^[0-9a-f-]{36}$`, meta["eventId"])
		assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, meta["inferenceTime"])
		assert.Equal(t, []any{"trace=1"}, meta["customAttributes"])
		assert.Equal(t, "0", record["eventVersion"])
		assert.Equal(t, map[string]any{
			"endpointInput": map[string]any{
				"observedContentType": "text/csv", "mode": "INPUT", "data": flower, "encoding": "CSV",
			},
			"endpointOutput": map[string]any{
				"observedContentType": "text/csv", "mode": "OUTPUT", "data": flowerSeen, "encoding": "CSV",
			},
		}, record["captureData"])
	}
	assert.Equal(t, map[string]bool{"first": true, "second": true, "third": true}, seen)
}

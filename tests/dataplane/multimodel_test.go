package dataplane_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
)

// The same flower, for models that know only half of it.
const (
	sepals = "5.1,3.5"
	petals = "1.4,0.2"
)

func targeting(model string) func(*sagemakerruntime.InvokeEndpointInput) {
	return func(in *sagemakerruntime.InvokeEndpointInput) { in.TargetModel = &model }
}

// halves serves the models of half a flower from one container.
func (w *world) halves(environment map[string]string) {
	w.tb.Helper()
	w.uploadExample("flowers/sepals.tar.gz")
	w.uploadExample("flowers/petals.tar.gz")
	many := scoring("s3://" + bucket + "/flowers/")
	many.Mode, many.Environment = types.ContainerModeMultiModel, environment
	w.serve("halves", many)
}

func TestManyModelsAreLoadedOnFirstUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.halves(nil)
	for range 3 {
		w.assertAnswer("setosa,0.9993897401167885\n", "halves", sepals, targeting("sepals.tar.gz"))
		w.assertAnswer("setosa,0.9982035708524871\n", "halves", petals, targeting("petals.tar.gz"))
	}
	w.pass(minutes(2))
	variant := []string{"EndpointName", "halves", "VariantName", "main"}
	w.assertSum(6, "Invocations", variant...)
	assert.Equal(t, total{sum: 4, count: 6}, w.total("ModelCacheHit", variant...))
	for _, once := range []string{"ModelLoadingTime", "ModelDownloadingTime"} {
		took := w.total(once, variant...)
		assert.Equal(t, 2.0, took.count, once)
		assert.Positive(t, took.sum, once)
	}
	assert.Zero(t, w.total("ModelUnloadingTime", variant...))
}

func TestAModelMakesRoomForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// One model of three classes and two features takes 120 bytes.
	w.halves(map[string]string{"SCORING_MODEL_BYTES": "150"})
	for range 3 {
		w.assertAnswer("setosa,0.9993897401167885\n", "halves", sepals, targeting("sepals.tar.gz"))
		w.assertAnswer("setosa,0.9982035708524871\n", "halves", petals, targeting("petals.tar.gz"))
	}
	w.pass(minutes(2))
	variant := []string{"EndpointName", "halves", "VariantName", "main"}
	w.assertSum(6, "Invocations", variant...)
	assert.Equal(t, total{sum: 0, count: 6}, w.total("ModelCacheHit", variant...))
	assert.Equal(t, 6.0, w.total("ModelLoadingTime", variant...).count)
	assert.Equal(t, 5.0, w.total("ModelUnloadingTime", variant...).count)
	assert.Equal(t, 2.0, w.total("ModelDownloadingTime", variant...).count)
}

func TestWhatCannotBeATargetModelIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.halves(nil)
	w.upload("flowers/corrupt.tar.gz", []byte("no archive"))
	w.serve("single", told("v1"))
	rows := map[string]struct {
		endpoint string
		target   *string
		status   int
		message  string
	}{
		"none": {"halves", nil, 400, "is missing a target model header, which multi-model endpoint halves needs."},
		"missing": {"halves", aws.String("none.tar.gz"), 400, "ValidationError: Failed to download model data(bucket: " +
			"models, key: flowers/none.tar.gz). Please ensure that there is an object located at the URL and that the role " +
			"passed to CreateModel has permissions to download the model."},
		"corrupt": {"halves", aws.String("corrupt.tar.gz"), 400, "ValidationError: Failed to extract model data " +
			"archive(bucket: models, key: flowers/corrupt.tar.gz)."},
		"outside": {"halves", aws.String("../other.tar.gz"), 400, "ValidationError: "},
		"not many": {"single", aws.String("sepals.tar.gz"), 400, "ValidationError: Endpoint single is not a multi-model " +
			"endpoint and does not support target model header."},
	}
	for name, row := range rows {
		_, err := w.invoke(t.Context(), row.endpoint, sepals, func(in *sagemakerruntime.InvokeEndpointInput) {
			in.TargetModel = row.target
		})
		assert.ErrorContains(t, err, row.message, name)
		assert.Equal(t, row.status, statusOf(err), name)
	}
	w.assertAnswer("setosa,0.9993897401167885\n", "halves", sepals, targeting("sepals.tar.gz"))
}

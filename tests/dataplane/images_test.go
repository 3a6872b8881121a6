package dataplane_test

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

func TestWithoutAFileOfImagesTheExamplesAreBuiltAndRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *localaws.Options) { require.NoError(t, os.Remove(localaws.ImagesPath(o.Dir))) })
	w.serve("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	w.assertAnswer(flowerSeen, "flowers", flower)
}

func TestAnotherProgramForAnImageCountsForTheNextUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	container := told("v1")
	container.Environment = nil
	replace := func(name string) {
		text := strings.ReplaceAll(images(), `{`+containerRole+`: "yes"}`, `{`+containerRole+`: "yes", NAME: `+name+`}`)
		require.NoError(t, os.WriteFile(localaws.ImagesPath(w.dir), []byte(text), 0o600))
	}
	replace("before")
	w.serve("v1", container)
	w.assertAnswer("before", "v1", "anything")
	replace("afterwards")
	w.assertAnswer("before", "v1", "anything")
	w.config("again", variant("main", "v1"))
	w.update("v1", "again", nil)
	w.settled("v1")
	w.assertAnswer("afterwards", "v1", "anything")
}

func TestAShadowIsAskedTooAndNeverAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("v1", told("v1"))
	w.model("v2", told("v2"))
	w.configOf(&sagemaker.CreateEndpointConfigInput{
		EndpointConfigName:       aws.String("shadowed"),
		ProductionVariants:       []types.ProductionVariant{variant("main", "v1", weighing(1))},
		ShadowProductionVariants: []types.ProductionVariant{variant("shadow", "v2", weighing(1))},
	})
	w.endpoint("shadowed", "shadowed")
	for range 10 {
		w.assertAnswer("v1", "shadowed", "anything")
	}
	_, err := w.invoke(t.Context(), "shadowed", order{Status: 500}.String())
	assert.Equal(t, 424, statusOf(err))
	w.pass(minutes(2))
	w.assertSum(11, "Invocations", "EndpointName", "shadowed", "VariantName", "main")
	w.assertSum(11, "Invocations", "EndpointName", "shadowed", "VariantName", "shadow")
	w.assertSum(1, "Invocation5XXErrors", "EndpointName", "shadowed", "VariantName", "shadow")
}

func TestRegionsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	there := newClientsIn(w.url, "us-east-1")
	_, err := there.invoke(t.Context(), "v1", "anything")
	assert.ErrorContains(t, err, "ValidationError: Endpoint v1 of account 123456789012 not found.")
}

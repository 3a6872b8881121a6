package dataplane_test

import (
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

func TestAPredictionIsExact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("flowers", scoring(w.uploadExample("flowers/model.tar.gz")))
	answer, err := w.invoke(t.Context(), "flowers", flower)
	require.NoError(t, err)
	assert.Equal(t, flowerSeen, string(answer.Body))
	assert.Equal(t, "text/csv", *answer.ContentType)
	assert.Equal(t, "main", *answer.InvokedProductionVariant)
}

func TestAModelInItsImageNeedsNoArtifact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("inside", told("v1"))
	w.assertAnswer("v1", "inside", "anything")
}

func TestAnEndpointThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// A minute for the container that never answers is soon over.
	w.speed(100)
	corrupt, none := w.upload("corrupt.tar.gz", []byte("no archive")), w.upload("none.tar.gz", []byte("soon gone"))
	hangs, exits := told("hangs"), told("exits")
	hangs.Environment["START"], exits.Environment["START"] = "hang", "exit"
	unknown := types.ContainerDefinition{Image: aws.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/other:1")}
	reasons := map[string]struct {
		container types.ContainerDefinition
		reason    string
	}{
		"missing": {scoring(none), `Failed to download model data for container "container_1" from ` +
			`URL: "s3://models/none.tar.gz". Please ensure that there is an object located at the URL and that the role ` +
			`passed to CreateModel has permissions to download the object.`},
		"corrupt": {scoring(corrupt), `Failed to extract model data archive for container "container_1" from URL ` +
			`"s3://models/corrupt.tar.gz". Please ensure that the object located at the URL is a valid tar.gz archive. ` +
			`(s3://models/corrupt.tar.gz: not a valid tar.gz archive: unpack: gzip: invalid header)`},
		"unknown": {unknown, "no local program stands for the image " + *unknown.Image + `: add an entry with ` +
			`"repository: other" and "go" or "command" to ` + localaws.ImagesPath(w.dir)},
		"exits": {exits, "The primary container for production variant main did not pass the ping health check. " +
			"Please check CloudWatch logs for this endpoint. It ended 3 times before it was ready, at last with exit " +
			`status 3: no licence | no licence | no licence`},
		"hangs": {hangs, "The primary container for production variant main did not pass the ping health check. " +
			"Please check CloudWatch logs for this endpoint. It did not answer with 200 within 60 seconds."},
	}
	for name, row := range reasons {
		w.model(name, row.container)
	}
	w.discard("none.tar.gz")
	for name := range reasons {
		w.config(name, variant("main", name, func(v *types.ProductionVariant) {
			v.ContainerStartupHealthCheckTimeoutInSeconds = aws.Int32(60)
		}))
		w.create(name, name)
	}
	for name, row := range reasons {
		settled := w.settled(name)
		assert.Equal(t, types.EndpointStatusFailed, settled.EndpointStatus, name)
		assert.Equal(t, row.reason, aws.ToString(settled.FailureReason), name)
		_, err := w.invoke(t.Context(), name, flower)
		assert.ErrorContains(t, err, "ValidationError: Endpoint "+name+" of account 123456789012 not found.")
	}
}

// client asks an endpoint without a pause until the function that is returned is called, which tells the answers and
// the failures.
func (w *world) client(endpoint string) (stop func() (answers map[string]int, failures []error)) {
	answers, quit := map[string]int{}, make(chan struct{})
	var failures []error
	var asking sync.WaitGroup
	ctx := w.tb.Context()
	asking.Go(func() {
		for {
			select {
			case <-quit:
				return
			default:
			}
			answer, err := w.invoke(ctx, endpoint, "anything")
			if err != nil {
				failures = append(failures, err)
				continue
			}
			answers[string(answer.Body)]++
		}
	})
	end := sync.OnceFunc(func() { close(quit); asking.Wait() })
	w.tb.Cleanup(end)
	return func() (map[string]int, []error) {
		end()
		return answers, failures
	}
}

func TestABrokenUpdateIsRolledBackUnnoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.model("broken", scoring(w.upload("none.tar.gz", []byte("soon gone"))))
	w.discard("none.tar.gz")
	w.config("broken", variant("main", "broken"))
	stop := w.client("v1")
	w.update("v1", "broken", nil)
	settled := w.settled("v1")
	answers, failures := stop()
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "v1", *settled.EndpointConfigName)
	assert.Contains(t, aws.ToString(settled.FailureReason), `Failed to download model data for container "container_1"`)
	assert.Empty(t, failures)
	assert.Len(t, answers, 1)
	assert.NotZero(t, answers["v1"])
}

func TestAnUpdateLosesNoRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.model("v2", told("v2"))
	w.config("v2", variant("main", "v2"))
	stop := w.client("v1")
	w.update("v1", "v2", nil)
	settled := w.settled("v1")
	w.assertAnswer("v2", "v1", "anything")
	answers, failures := stop()
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "v2", *settled.EndpointConfigName)
	assert.Empty(t, failures)
	assert.NotZero(t, answers["v1"])
}

package dataplane_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAModelThatTakesTooLongIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := told(""), told("v1")
	first.ContainerHostname, second.ContainerHostname = aws.String("first"), aws.String("second")
	w.model("slow", first, second)
	w.config("slow", variant("main", "slow"))
	w.endpoint("slow", "slow")
	never := filepath.Join(w.dir, "never")
	w.speed(100)
	_, err := w.invoke(t.Context(), "slow", order{Say: order{Until: never}.String()}.String())
	var failed *runtimetypes.ModelError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "Your invocation timed out while waiting for a response from container second. Review the latency "+
		"metrics for each container in Amazon CloudWatch, resolve the issue, and try again.", *failed.OriginalMessage)
}

func TestAFastClockLeavesContainersTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	began, release := filepath.Join(w.dir, "began"), filepath.Join(w.dir, "release")
	w.speed(2000)
	var asking sync.WaitGroup
	asking.Go(func() { w.assertAnswer("v1", "v1", order{Began: began, Until: release}.String()) })
	awaitFile(t, began)
	// Two minutes, in which the container has had 60 milliseconds.
	require.NoError(t, w.clock.Sleep(t.Context(), minutes(2)))
	w.speed(1)
	touch(t, release)
	asking.Wait()
}

func TestARequestOfSixMegabytesIsTheLargest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	const most = 6 << 20
	w.assertAnswer("v1", "v1", strings.Repeat("a", most))
	_, err := w.invoke(t.Context(), "v1", strings.Repeat("a", most+1))
	assert.Equal(t, 413, statusOf(err))
	_, err = w.invoke(t.Context(), "v1", "")
	assert.Equal(t, 400, statusOf(err))
}

func TestAReasonHasALength(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	exits := told("exits")
	exits.Environment["START"], exits.Environment["WORDS"] = "exit", strings.Repeat("no licence ", 90)
	w.model("exits", exits)
	w.config("exits", variant("main", "exits"))
	w.create("exits", "exits")
	settled := w.settled("exits")
	assert.Equal(t, types.EndpointStatusFailed, settled.EndpointStatus)
	// MaxLength of FailureReason.
	assert.LessOrEqual(t, len(aws.ToString(settled.FailureReason)), 1024)
}

func TestAnUpdateThatTakesTooLongIsRolledBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hangs := told("hangs")
	hangs.Environment["START"] = "hang"
	w.serve("v1", told("v1"))
	w.model("hangs", hangs)
	w.config("hangs", variant("main", "hangs"))
	w.speed(1000)
	w.update("v1", "hangs", &types.DeploymentConfig{BlueGreenUpdatePolicy: &types.BlueGreenUpdatePolicy{
		MaximumExecutionTimeoutInSeconds: aws.Int32(600),
		TrafficRoutingConfiguration: &types.TrafficRoutingConfig{
			Type: types.TrafficRoutingConfigTypeAllAtOnce, WaitIntervalInSeconds: aws.Int32(0),
		},
	}})
	settled := w.settled("v1")
	w.speed(1)
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "v1", *settled.EndpointConfigName)
	assert.Equal(t, "The update exceeded its MaximumExecutionTimeoutInSeconds.", aws.ToString(settled.FailureReason))
	w.assertAnswer("v1", "v1", "anything")
}

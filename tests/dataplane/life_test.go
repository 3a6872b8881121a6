package dataplane_test

import (
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARequestUnderWaySurvivesAnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.model("v2", told("v2"))
	w.config("v2", variant("main", "v2"))
	began, release := filepath.Join(w.dir, "began"), filepath.Join(w.dir, "release")
	var asking sync.WaitGroup
	asking.Go(func() { w.assertAnswer("v1", "v1", order{Began: began, Until: release}.String()) })
	awaitFile(t, began)
	w.update("v1", "v2", nil)
	w.settled("v1")
	w.assertAnswer("v2", "v1", "anything")
	touch(t, release)
	asking.Wait()
}

func TestADeletedEndpointLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.register("v1", 1, 4)
	w.track("v1", 1000)
	pids := filepath.Join(w.dir, "pids")
	w.assertAnswer("v1", "v1", order{PID: pids}.String())
	container := readPID(t, pids)
	require.NoError(t, syscall.Kill(container, 0))
	_, err := w.sagemaker.DeleteEndpoint(t.Context(), &sagemaker.DeleteEndpointInput{EndpointName: aws.String("v1")})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := w.sagemaker.DescribeEndpoint(t.Context(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("v1")})
		return err != nil
	}, soon, often)
	_, err = w.invoke(t.Context(), "v1", "anything")
	assert.ErrorContains(t, err, "Endpoint v1 of account 123456789012 not found.")
	ends(t, container)
	targets, err := w.scaling.DescribeScalableTargets(t.Context(), &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker,
	})
	require.NoError(t, err)
	assert.Empty(t, targets.ScalableTargets)
	w.pass(minutes(2))
	require.Eventually(t, func() bool {
		alarms, err := w.cloudwatch.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
		return err == nil && len(alarms.MetricAlarms) == 0
	}, soon, often)
}

func TestModelsAndConfigurationsMayGoWhileAnEndpointServes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	_, err := w.sagemaker.DeleteModel(t.Context(), &sagemaker.DeleteModelInput{ModelName: aws.String("v1")})
	require.NoError(t, err)
	_, err = w.sagemaker.DeleteEndpointConfig(t.Context(),
		&sagemaker.DeleteEndpointConfigInput{EndpointConfigName: aws.String("v1")})
	require.NoError(t, err)
	w.assertAnswer("v1", "v1", "anything")
	w.script("POST", "/_local/sagemaker/endpoints/v1/crash?region="+region, "")
	require.Eventually(t, func() bool {
		answer, err := w.invoke(t.Context(), "v1", "anything")
		return err == nil && string(answer.Body) == "v1"
	}, soon, often)
}

func TestModelsAreLoadedAgainAfterACrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.halves(nil)
	w.assertAnswer("setosa,0.9993897401167885\n", "halves", sepals, targeting("sepals.tar.gz"))
	w.script("POST", "/_local/sagemaker/endpoints/halves/crash?region="+region, "")
	var failed int
	require.Eventually(t, func() bool {
		answer, err := w.invoke(t.Context(), "halves", sepals, targeting("sepals.tar.gz"))
		if err != nil {
			failed++
		}
		return failed > 0 && err == nil && string(answer.Body) == "setosa,0.9993897401167885\n"
	}, soon, often)
	w.assertAnswer("setosa,0.9982035708524871\n", "halves", petals, targeting("petals.tar.gz"))
	assert.Equal(t, types.EndpointStatusInService, w.describe("halves").EndpointStatus)
}

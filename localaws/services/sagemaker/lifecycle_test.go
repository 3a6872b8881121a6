package sagemaker_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const inProgress = `Cannot update in-progress endpoint "` + arnPrefix + `endpoint/e".`

func TestAnEndpointIsCreatingUntilItIsInService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	w.config("c1", variant("v"))
	w.endpoint("E-1", "c1")

	w.pass(5*time.Minute - time.Second)
	early := w.describe("E-1")
	assert.Equal(t, types.EndpointStatusCreating, early.EndpointStatus)
	assert.Equal(t, "c1", *early.EndpointConfigName)
	assert.Equal(t, "c1", *early.PendingDeploymentSummary.EndpointConfigName)
	assert.Equal(t, types.ProductionVariantInstanceTypeMlM5Large,
		early.PendingDeploymentSummary.ProductionVariants[0].InstanceType)
	assert.Empty(t, early.ProductionVariants)
	assert.Equal(t, epoch, early.LastModifiedTime.UTC())

	w.pass(time.Second)
	out := w.describe("E-1")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "E-1", *out.EndpointName)
	assert.Equal(t, arnPrefix+"endpoint/e-1", *out.EndpointArn)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, epoch, out.CreationTime.UTC())
	assert.Equal(t, epoch.Add(5*time.Minute), out.LastModifiedTime.UTC())
	assert.Nil(t, out.PendingDeploymentSummary)
	assert.Nil(t, out.FailureReason)
	require.Len(t, out.ProductionVariants, 1)
	v := out.ProductionVariants[0]
	assert.Equal(t, "v", *v.VariantName)
	assert.Equal(t, []float32{1, 1}, []float32{*v.CurrentWeight, *v.DesiredWeight})
	assert.Equal(t, []int32{2, 2}, []int32{*v.CurrentInstanceCount, *v.DesiredInstanceCount})
	require.Len(t, v.DeployedImages, 1)
	assert.Equal(t, repo+"m:1", *v.DeployedImages[0].SpecifiedImage)
	assert.Regexp(t, "^"+repo+"m@sha256:[0-9a-f]{64}$", *v.DeployedImages[0].ResolvedImage)
	assert.Equal(t, epoch, v.DeployedImages[0].ResolutionTime.UTC())
}

func TestAScriptedCreationFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.FailNextCreate("eu-central-1", "e", "the container did not answer /ping")
	w.serving(variant("v"))
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusFailed, out.EndpointStatus)
	assert.Equal(t, "the container did not answer /ping", *out.FailureReason)
	assert.Empty(t, out.ProductionVariants)
	requireError(t, w.update("c1"), "ValidationException",
		`Cannot update failed endpoint "`+arnPrefix+`endpoint/e".`)
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	assert.NoError(t, err)
}

func TestAnUpdateEndsOnTheNewConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.model("m2", repo+"m@sha256:"+strings.Repeat("a", 64))
	w.config("c2", variant("v", func(v *types.ProductionVariant) { v.ModelName = aws.String("m2") }))
	require.NoError(t, w.update("c2"))

	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusUpdating, out.EndpointStatus)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, "c2", *out.PendingDeploymentSummary.EndpointConfigName)
	assert.Equal(t, repo+"m:1", *out.ProductionVariants[0].DeployedImages[0].SpecifiedImage)

	w.pass(10 * time.Minute)
	out = w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "c2", *out.EndpointConfigName)
	assert.Equal(t, repo+"m@sha256:"+strings.Repeat("a", 64), *out.ProductionVariants[0].DeployedImages[0].ResolvedImage)
	assert.Equal(t, epoch.Add(15*time.Minute), out.LastModifiedTime.UTC())
}

func TestARolledBackUpdateKeepsTheOldConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.config("c2", variant("v", func(v *types.ProductionVariant) { v.InitialInstanceCount = aws.Int32(5) }))
	request, err := http.NewRequest(http.MethodPut,
		w.url+"/_local/sagemaker/endpoints/E/next-update?region=eu-central-1",
		strings.NewReader(`{"outcome":"rollback","reason":"alarm e-5xx"}`))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)

	require.NoError(t, w.update("c2"))
	assert.Equal(t, types.EndpointStatusUpdating, w.describe("e").EndpointStatus)
	w.pass(10 * time.Minute)
	assert.Equal(t, types.EndpointStatusRollingBack, w.describe("e").EndpointStatus)
	requireError(t, w.update("c2"), "ValidationException", inProgress)
	w.pass(4 * time.Minute)
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "c1", *out.EndpointConfigName)
	assert.Equal(t, "alarm e-5xx", *out.FailureReason)
	assert.Equal(t, int32(2), *out.ProductionVariants[0].DesiredInstanceCount)
	assert.Nil(t, out.PendingDeploymentSummary)

	// The script holds for one update only.
	require.NoError(t, w.update("c2"))
	assert.Nil(t, w.describe("e").FailureReason)
	w.pass(10 * time.Minute)
	out = w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "c2", *out.EndpointConfigName)
}

func TestPhasesThatNobodyWatchedHavePassed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.config("c2", variant("v"))
	w.fake.RollBackNextUpdate("eu-central-1", "e", "alarm")
	require.NoError(t, w.update("c2"))
	w.pass(24 * time.Hour)
	out := w.describe("e")
	assert.Equal(t, types.EndpointStatusInService, out.EndpointStatus)
	assert.Equal(t, "alarm", *out.FailureReason)
	assert.Equal(t, epoch.Add(19*time.Minute), out.LastModifiedTime.UTC())
}

func TestADeletedEndpointIsGoneAfterAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	require.NoError(t, err)
	assert.Equal(t, types.EndpointStatusDeleting, w.describe("e").EndpointStatus)
	w.pass(time.Minute)
	_, err = w.DescribeEndpoint(t.Context(), &sdk.DescribeEndpointInput{EndpointName: aws.String("e")})
	requireError(t, err, "ValidationException", `Could not find endpoint "`+arnPrefix+`endpoint/e".`)
	w.endpoint("e", "c1")
	assert.Equal(t, types.EndpointStatusCreating, w.describe("e").EndpointStatus)
}

func TestNothingCanBeDoneWhileAChangeIsUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	w.config("c1", variant("v"))
	w.endpoint("e", "c1")
	requireError(t, w.update("c1"), "ValidationException", inProgress)
	_, err := w.DeleteEndpoint(t.Context(), &sdk.DeleteEndpointInput{EndpointName: aws.String("e")})
	requireError(t, err, "ValidationException", inProgress)
	requireError(t, w.scale("v", 3, 1), "ValidationException", inProgress)
}

func TestDeletingTheConfigurationInUseIsAcceptedAndBlocksTheNextUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serving(variant("v"))
	w.config("c2", variant("v"))
	_, err := w.DeleteEndpointConfig(t.Context(),
		&sdk.DeleteEndpointConfigInput{EndpointConfigName: aws.String("c1")})
	require.NoError(t, err)
	assert.Equal(t, "c1", *w.describe("e").EndpointConfigName)
	assert.Len(t, w.describe("e").ProductionVariants, 1)
	requireError(t, w.update("c2"), "ValidationException",
		`Could not find endpoint configuration "`+arnPrefix+`endpoint-config/c1".`)
}

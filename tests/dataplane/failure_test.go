package dataplane_test

import (
	"errors"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEverySecondRequestFailsOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.serve("other", told("other"))
	w.script("PUT", "/_local/faults/half",
		`{"service": "sagemaker-runtime", "resource": "v1", "error": "ThrottlingException", "rate": 0.5}`)
	throttled := 0
	for range 10 {
		_, err := w.invoke(t.Context(), "v1", "anything")
		var refused smithy.APIError
		if err != nil && assert.ErrorAs(t, err, &refused) {
			assert.Equal(t, "ThrottlingException", refused.ErrorCode())
			throttled++
		}
		w.assertAnswer("other", "other", "anything")
	}
	assert.Equal(t, 5, throttled)
	w.script("DELETE", "/_local/faults/half", "")
	for range 10 {
		w.assertAnswer("v1", "v1", "anything")
	}
}

func TestModelDataThatMayNotBeReadFailsAnEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	artifact := w.uploadExample("flowers/model.tar.gz")
	w.script("PUT", "/_local/faults/denied",
		`{"service": "s3", "operation": "GetObject", "resource": "models/flowers/*", "error": "AccessDenied"}`)
	w.model("flowers", scoring(artifact))
	w.config("flowers", variant("main", "flowers"))
	w.create("flowers", "flowers")
	settled := w.settled("flowers")
	assert.Equal(t, types.EndpointStatusFailed, settled.EndpointStatus)
	assert.Equal(t, "Could not access model data at s3://models/flowers/model.tar.gz. Please ensure that the role \""+
		roleARN+"\" exists and that its trust relationship policy allows the action \"sts:AssumeRole\" for the service "+
		"principal \"sagemaker.amazonaws.com\". Also ensure that the role has \"s3:GetObject\" permissions and that the "+
		"object is located in eu-west-1.", aws.ToString(settled.FailureReason))
}

func TestThereCanBeNoCapacityOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script("PUT", "/_local/sagemaker/endpoints/v1/next-create?region="+region, `{"outcome": "capacity"}`)
	w.model("v1", told("v1"))
	w.config("v1", variant("main", "v1"))
	w.create("v1", "v1")
	settled := w.settled("v1")
	assert.Equal(t, types.EndpointStatusFailed, settled.EndpointStatus)
	assert.Equal(t, "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. "+
		"Please retry using a different ML instance type or after some time.", aws.ToString(settled.FailureReason))
	_, err := w.invoke(t.Context(), "v1", "anything")
	assert.ErrorContains(t, err, "Endpoint v1 of account 123456789012 not found.")
}

func TestAStartCanBeSlowOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script("PUT", "/_local/sagemaker/endpoints/v1/next-create?region="+region, `{"outcome": "slow", "delay": "1h"}`)
	w.model("v1", told("v1"))
	w.config("v1", variant("main", "v1"))
	w.create("v1", "v1")
	w.pass(minutes(10))
	assert.Equal(t, types.EndpointStatusCreating, w.describe("v1").EndpointStatus)
	w.pass(minutes(51))
	assert.Equal(t, types.EndpointStatusInService, w.settled("v1").EndpointStatus)
	w.assertAnswer("v1", "v1", "anything")
}

func TestAnEndpointComesBackAfterACrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.assertAnswer("v1", "v1", "anything")
	w.script("POST", "/_local/sagemaker/endpoints/v1/crash?region="+region, "")
	var failures []error
	require.Eventually(t, func() bool {
		_, err := w.invoke(t.Context(), "v1", "anything")
		if err != nil {
			failures = append(failures, err)
		}
		return err == nil && len(failures) > 0
	}, soon, often)
	for _, err := range failures {
		assert.Equal(t, 424, statusOf(err), err)
	}
	assert.Equal(t, types.EndpointStatusInService, w.describe("v1").EndpointStatus)
}

func TestAContainerThatEndsDuringARequestIsStartedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	_, err := w.invoke(t.Context(), "v1", order{Exit: true}.String())
	assert.Equal(t, 424, statusOf(err))
	require.Eventually(t, func() bool {
		_, err := w.invoke(t.Context(), "v1", "anything")
		return err == nil
	}, soon, often)
}

func TestAnUpdateWithoutCapacityIsRolledBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	w.model("v2", told("v2"))
	w.config("v2", variant("main", "v2"))
	w.script("PUT", "/_local/sagemaker/endpoints/v1/next-update?region="+region, `{"outcome": "capacity"}`)
	w.update("v1", "v2", nil)
	settled := w.settled("v1")
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "v1", *settled.EndpointConfigName)
	assert.Contains(t, aws.ToString(settled.FailureReason), "InsufficientInstanceCapacity")
	w.assertAnswer("v1", "v1", "anything")

	// It was the next update, and no other.
	w.update("v1", "v2", nil)
	assert.Equal(t, "v2", *w.settled("v1").EndpointConfigName)
	w.assertAnswer("v2", "v1", "anything")
}

func TestTheEndOfTheEmulatorIsTheEndOfTheLocalAWS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve("v1", told("v1"))
	require.NoError(t, syscall.Kill(w.emulator(), syscall.SIGKILL))
	require.Eventually(t, func() bool {
		_, err := w.s3.ListBuckets(t.Context(), nil)
		return errors.Is(err, syscall.ECONNREFUSED)
	}, soon, often)
}

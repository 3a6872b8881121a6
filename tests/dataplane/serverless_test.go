package dataplane_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// touch makes a file.
func touch(tb testing.TB, path string) {
	tb.Helper()
	require.NoError(tb, os.WriteFile(path, nil, 0o600))
}

// awaitFile waits for a file.
func awaitFile(tb testing.TB, path string) {
	tb.Helper()
	require.Eventually(tb, func() bool {
		_, err := os.Stat(path)
		return err == nil
	}, soon, often)
}

// rare serves a container without instances, so many requests at a time.
func (w *world) rare(concurrency int32) {
	w.tb.Helper()
	w.model("rare", told("v1"))
	w.config("rare", variant("main", "rare", func(v *types.ProductionVariant) {
		v.InstanceType, v.InitialInstanceCount = "", nil
		v.ServerlessConfig = &types.ProductionVariantServerlessConfig{
			MaxConcurrency: &concurrency, MemorySizeInMB: aws.Int32(1024),
		}
	}))
	w.endpoint("rare", "rare")
}

func TestAServerlessEndpointThrottlesTheSurplus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rare(1)
	began, release := filepath.Join(w.dir, "began"), filepath.Join(w.dir, "release")
	var first sync.WaitGroup
	first.Go(func() { w.assertAnswer("v1", "rare", order{Began: began, Until: release}.String()) })
	awaitFile(t, began)
	for range 4 {
		_, err := w.invoke(t.Context(), "rare", "anything")
		var refused smithy.APIError
		if assert.ErrorAs(t, err, &refused) {
			assert.Equal(t, "ThrottlingException", refused.ErrorCode())
			assert.Equal(t, 400, statusOf(err))
		}
	}
	touch(t, release)
	first.Wait()
	w.assertAnswer("v1", "rare", "anything")
	w.pass(minutes(2))
	w.assertSum(2, "Invocations", "EndpointName", "rare", "VariantName", "main")
	// A request that is throttled never becomes an invocation.
	w.assertSum(4, "Invocation4XXErrors", "EndpointName", "rare", "VariantName", "main")
}

func TestAClientThatLeavesFreesItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rare(1)
	began := filepath.Join(w.dir, "began")
	ctx, leave := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	asking.Go(func() {
		_, err := w.invoke(ctx, "rare", order{Began: began, Until: filepath.Join(w.dir, "never")}.String())
		assert.ErrorIs(t, err, context.Canceled)
	})
	awaitFile(t, began)
	leave()
	asking.Wait()
	require.Eventually(t, func() bool {
		answer, err := w.invoke(t.Context(), "rare", "anything")
		return err == nil && string(answer.Body) == "v1"
	}, soon, often)
}

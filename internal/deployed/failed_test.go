package deployed_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/deployed"
)

// rolling is endpoints of which one rolls back for a minute.
type rolling struct{ until time.Time }

func (rolling) ListEndpoints(
	context.Context, *sagemaker.ListEndpointsInput, ...func(*sagemaker.Options),
) (*sagemaker.ListEndpointsOutput, error) {
	out := &sagemaker.ListEndpointsOutput{}
	for _, name := range []string{"flowers-dev", "flowers-dev-2", "petals-dev"} {
		out.Endpoints = append(out.Endpoints, types.EndpointSummary{EndpointName: &name})
	}
	return out, nil
}

func (r rolling) DescribeEndpoint(
	_ context.Context, in *sagemaker.DescribeEndpointInput, _ ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	out := &sagemaker.DescribeEndpointOutput{
		EndpointName: in.EndpointName, EndpointStatus: types.EndpointStatusInService, EndpointConfigName: aws.String("old"),
	}
	switch {
	case *in.EndpointName != "flowers-dev":
	case time.Now().Before(r.until):
		out.EndpointStatus = types.EndpointStatusRollingBack
	default:
		out.FailureReason = aws.String("an alarm went off")
	}
	return out, nil
}

func TestWhyARollbackWasIsToldAtItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		failed, err := deployed.Failed(t.Context(), rolling{began.Add(time.Minute)}, "-dev")
		require.NoError(t, err)
		assert.Equal(t, []deployed.Endpoint{{
			Name: "flowers-dev", Status: types.EndpointStatusInService, Config: "old", FailureReason: "an alarm went off",
		}}, failed)
		assert.Equal(t, time.Minute, time.Since(began))
	})
}

func TestARollbackIsNotWaitedForWithoutEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		failed, err := deployed.Failed(ctx, rolling{time.Now().Add(time.Hour)}, "-dev")
		require.NoError(t, err)
		assert.Empty(t, failed)
	})
}

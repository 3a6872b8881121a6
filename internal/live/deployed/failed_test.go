package deployed_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/deployed"
)

// rolling is endpoints of which one rolls back for a minute, one is another stack's, and one is not there.
type rolling struct{ until time.Time }

func (r rolling) DescribeEndpoint(
	_ context.Context, in *sagemaker.DescribeEndpointInput, _ ...func(*sagemaker.Options),
) (*sagemaker.DescribeEndpointOutput, error) {
	out := &sagemaker.DescribeEndpointOutput{
		EndpointName: in.EndpointName, EndpointStatus: types.EndpointStatusInService, EndpointConfigName: aws.String("old"),
	}
	switch {
	case *in.EndpointName == "roses-dev":
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Could not find endpoint"}
	case *in.EndpointName == "flowers-eu-dev":
		out.FailureReason = aws.String("that is another stack's business")
	case *in.EndpointName != "flowers-dev":
	case time.Now().Before(r.until):
		out.EndpointStatus = types.EndpointStatusRollingBack
	default:
		out.FailureReason = aws.String("an alarm went off")
	}
	return out, nil
}

// names are those of the stack's endpoints.
func names() []string { return []string{"flowers-dev", "petals-dev", "roses-dev"} }

func TestWhyARollbackWasIsToldAtItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		failed, err := deployed.Failed(t.Context(), rolling{began.Add(time.Minute)}, names())
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
		failed, err := deployed.Failed(ctx, rolling{time.Now().Add(time.Hour)}, names())
		require.NoError(t, err)
		assert.Empty(t, failed)
	})
}

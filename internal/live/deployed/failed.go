package deployed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
)

// Describer describes endpoints; *sagemaker.Client is one.
type Describer interface {
	DescribeEndpoint(
		context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointOutput, error)
}

// lookEvery is the time between two looks at endpoints that roll back.
const lookEvery = time.Second

// Failed are those of the named endpoints whose last change failed, in the order of the names, without what they serve;
// one that is not there is none of them. While one rolls back, why is not known yet: then it waits, as long as ctx
// lasts.
func Failed(ctx context.Context, client Describer, names []string) ([]Endpoint, error) {
	for {
		failed, rollingBack, err := look(ctx, client, names)
		if err != nil || !rollingBack {
			return failed, err
		}
		select {
		case <-ctx.Done():
			return failed, nil
		case <-time.After(lookEvery):
		}
	}
}

func look(
	ctx context.Context, client Describer, names []string,
) (failed []Endpoint, rollingBack bool, err error) {
	for _, name := range names {
		e, err := client.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &name})
		if refusal, ok := errors.AsType[smithy.APIError](err); ok && refusal.ErrorCode() == "ValidationException" {
			continue // it was never created
		}
		if err != nil {
			return nil, false, fmt.Errorf("endpoint %s: %w", name, err)
		}
		rollingBack = rollingBack || e.EndpointStatus == types.EndpointStatusRollingBack
		found := Endpoint{
			Name: name, Status: e.EndpointStatus, Config: aws.ToString(e.EndpointConfigName),
			FailureReason: aws.ToString(e.FailureReason),
		}
		if e.FailureReason != nil || found.Broken() {
			failed = append(failed, found)
		}
	}
	return failed, rollingBack, nil
}

package deployed

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// Lister lists and describes endpoints; *sagemaker.Client is one.
type Lister interface {
	sagemaker.ListEndpointsAPIClient
	DescribeEndpoint(
		context.Context, *sagemaker.DescribeEndpointInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointOutput, error)
}

// lookEvery is the time between two looks at endpoints that roll back.
const lookEvery = time.Second

// Failed are the endpoints with names of this ending whose last change failed, in the order of their names, without
// what they serve. While one of them rolls back, why is not known yet: then it waits, as long as ctx lasts.
func Failed(ctx context.Context, client Lister, ending string) ([]Endpoint, error) {
	for {
		failed, rollingBack, err := look(ctx, client, ending)
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

func look(ctx context.Context, client Lister, ending string) (failed []Endpoint, rollingBack bool, err error) {
	pages := sagemaker.NewListEndpointsPaginator(client, &sagemaker.ListEndpointsInput{
		NameContains: &ending, SortBy: "Name", SortOrder: "Ascending",
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("list endpoints: %w", err)
		}
		for i := range page.Endpoints {
			name := aws.ToString(page.Endpoints[i].EndpointName)
			if !strings.HasSuffix(name, ending) {
				continue
			}
			e, err := client.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &name})
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
	}
	return failed, rollingBack, nil
}

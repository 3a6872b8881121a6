// Package invoke asks an endpoint of a stack for a prediction.
package invoke

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime/types"
	"github.com/aws/smithy-go"

	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// Client invokes the endpoints of one stack.
type Client struct {
	// Config leads to where the stack is.
	Config aws.Config
	// Stack is the stack's name.
	Stack string
}

// Request is what to ask an endpoint. Empty members are not sent.
type Request struct {
	// Endpoint is the endpoint's key in the stack's settings.
	Endpoint    string
	ContentType string
	Accept      string
	// Variant, Model and Container are what the request is for, of those that the endpoint has.
	Variant, Model, Container string
	Body                      []byte
}

// Answer is what an endpoint said.
type Answer struct {
	ContentType string
	// Variant answered.
	Variant string
	Body    []byte
}

// Invoke asks an endpoint. The error says what the model or SageMaker refused, and which endpoints there are when the
// one that was meant is not.
func (c Client) Invoke(ctx context.Context, r Request) (*Answer, error) {
	name := settings.EndpointName(r.Endpoint, c.Stack)
	runtime := sagemakerruntime.NewFromConfig(c.Config, func(o *sagemakerruntime.Options) { o.RetryMaxAttempts = 1 })
	out, err := runtime.InvokeEndpoint(ctx, &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &name, Body: r.Body, ContentType: check.TextOrNil(r.ContentType), Accept: check.TextOrNil(r.Accept),
		TargetVariant: check.TextOrNil(r.Variant), TargetModel: check.TextOrNil(r.Model),
		TargetContainerHostname: check.TextOrNil(r.Container),
	})
	if err != nil {
		return nil, c.explain(ctx, r.Endpoint, err)
	}
	return &Answer{
		ContentType: aws.ToString(out.ContentType), Variant: aws.ToString(out.InvokedProductionVariant), Body: out.Body,
	}, nil
}

// explain puts an error of SageMaker into a line.
func (c Client) explain(ctx context.Context, endpoint string, err error) error {
	if refused, ok := errors.AsType[*types.ModelError](err); ok {
		status, said := aws.ToInt32(refused.OriginalStatusCode), strings.TrimSpace(aws.ToString(refused.OriginalMessage))
		if status == 0 {
			return fmt.Errorf("the model gave no answer: %s", said)
		}
		return fmt.Errorf("the model refused with status %d: %s", status, said)
	}
	told, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return err
	}
	if known, listErr := c.endpoints(ctx); listErr == nil && known[endpoint] != "InService" {
		return c.absent(endpoint, known)
	}
	return fmt.Errorf("%s: %s", told.ErrorCode(), told.ErrorMessage())
}

// absent says what there is in place of an endpoint.
func (c Client) absent(endpoint string, known map[string]string) error {
	if status := known[endpoint]; status != "" {
		return fmt.Errorf("endpoint %q of stack %q is %s", endpoint, c.Stack, status)
	}
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	return fmt.Errorf("stack %q has no endpoint %q here%s", c.Stack, endpoint, check.DidYouMean(endpoint, names))
}

// endpoints are the statuses of the stack's endpoints by their keys.
func (c Client) endpoints(ctx context.Context) (map[string]string, error) {
	client := sagemaker.NewFromConfig(c.Config)
	statuses := map[string]string{}
	pages := sagemaker.NewListEndpointsPaginator(client, &sagemaker.ListEndpointsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, endpoint := range page.Endpoints {
			if key, ours := strings.CutSuffix(aws.ToString(endpoint.EndpointName), settings.EndpointName("", c.Stack)); ours {
				statuses[key] = string(endpoint.EndpointStatus)
			}
		}
	}
	return statuses, nil
}

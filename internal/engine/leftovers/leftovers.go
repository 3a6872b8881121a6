// Package leftovers finds endpoint configurations and models that have a stack's tags and are in no state: what an
// update that was killed has created, and nobody knows of.
package leftovers

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
)

// SageMaker is what is asked; a *sagemaker.Client is one.
type SageMaker interface {
	sagemaker.ListEndpointConfigsAPIClient
	sagemaker.ListEndpointsAPIClient
	sagemaker.ListModelsAPIClient
	sagemaker.ListTagsAPIClient
	sagemaker.ListTransformJobsAPIClient
	sagemaker.DescribeEndpointAPIClient
	sagemaker.DescribeTransformJobAPIClient

	DescribeEndpointConfig(
		context.Context, *sagemaker.DescribeEndpointConfigInput, ...func(*sagemaker.Options),
	) (*sagemaker.DescribeEndpointConfigOutput, error)
	DeleteEndpointConfig(
		context.Context, *sagemaker.DeleteEndpointConfigInput, ...func(*sagemaker.Options),
	) (*sagemaker.DeleteEndpointConfigOutput, error)
	DeleteModel(
		context.Context, *sagemaker.DeleteModelInput, ...func(*sagemaker.Options),
	) (*sagemaker.DeleteModelOutput, error)
}

// Search is where to look, and for what.
type Search struct {
	// SageMaker is asked, in one region.
	SageMaker SageMaker
	// Stack is the stack's name.
	Stack string
	// Known reports whether a name is in a state.
	Known func(name string) bool
}

// Leftovers are the names of what is left over.
type Leftovers struct{ Configs, Models []string }

// Find looks for what is left over. What serves is not, nor what something refers to: see serving and using.
func (s *Search) Find(ctx context.Context) (Leftovers, error) {
	var found Leftovers
	configs, err := s.configs(ctx)
	if err != nil {
		return found, fmt.Errorf("endpoint configurations: %w", err)
	}
	if found.Configs, err = s.unserved(ctx, configs); err != nil {
		return found, fmt.Errorf("endpoint configurations: %w", err)
	}
	if found.Models, err = s.unused(ctx, configs, found.Configs); err != nil {
		return found, fmt.Errorf("models: %w", err)
	}
	return found, nil
}

// Delete deletes what Find has found: configurations first, which refer to models.
func (s *Search) Delete(ctx context.Context, found Leftovers) error {
	var all error
	for _, name := range found.Configs {
		_, err := s.SageMaker.DeleteEndpointConfig(ctx, &sagemaker.DeleteEndpointConfigInput{EndpointConfigName: &name})
		if err != nil {
			all = errors.Join(all, fmt.Errorf("endpoint configuration %q: %w", name, err))
		}
	}
	for _, name := range found.Models {
		if _, err := s.SageMaker.DeleteModel(ctx, &sagemaker.DeleteModelInput{ModelName: &name}); err != nil {
			all = errors.Join(all, fmt.Errorf("model %q: %w", name, err))
		}
	}
	return all
}

// generated is a name that Pulumi has made: that of the resource in the program, and seven hexadecimal digits.
var generated = regexp.MustCompile(`^(.+)-[0-9a-f]{7}$`)

// owned returns the resource's name in the program, which the tag kind holds, of what a stack's program has created;
// empty for everything else. Somebody's own copy of the tags is not enough: the name must be of that form, too.
func (s *Search) owned(ctx context.Context, name, arn *string, kind string) (string, error) {
	form := generated.FindStringSubmatch(aws.ToString(name))
	if form == nil || s.Known(*name) {
		return "", nil
	}
	tags := map[string]string{}
	pages := sagemaker.NewListTagsPaginator(s.SageMaker, &sagemaker.ListTagsInput{ResourceArn: arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("tags of %q: %w", *name, err)
		}
		for _, tag := range page.Tags {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	if tags["sagehost:stack"] != s.Stack || tags[kind] != form[1] {
		return "", nil
	}
	return form[1], nil
}

package deploy

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"sagehost/internal/engine/leftovers"
	"sagehost/internal/live/cloud"
)

// Leftover is the operation under which Drift counts what has the stack's tags and is in no state.
const Leftover = "leftover"

// deleteLeftovers deletes what updates that were killed have created and no state knows.
func (s *Stack) deleteLeftovers(ctx context.Context) error {
	_, err := s.eachRegion(ctx, func(search *leftovers.Search, found leftovers.Leftovers, region string) error {
		for _, what := range things(found) {
			fmt.Fprintf(s.opts.Out, "Deleting %s in %s, which an update of stack %q that was killed has left behind.\n",
				what.text, region, s.opts.File.Stack)
		}
		return search.Delete(ctx, found)
	})
	return err
}

// reportLeftovers counts what deleteLeftovers would delete, and says how it is deleted.
func (s *Stack) reportLeftovers(ctx context.Context) (int, error) {
	return s.eachRegion(ctx, func(_ *leftovers.Search, found leftovers.Leftovers, region string) error {
		for _, what := range things(found) {
			commands := s.opts.Commands
			commands.Endpoint, commands.Region = s.opts.Env["AWS_ENDPOINT_URL"], region
			fmt.Fprintf(s.opts.Out, "%s in %s has the tags of stack %q and is in no state, and nothing uses it. To delete "+
				"it:\n  %s\n", what.text, region, s.opts.File.Stack, commands.AWSCLI(what.deletion...))
		}
		return nil
	})
}

// thing is something left over, and the command of the AWS CLI that deletes it.
type thing struct {
	text     string
	deletion []string
}

func things(found leftovers.Leftovers) []thing {
	var all []thing
	for _, name := range found.Configs {
		all = append(all, thing{
			"endpoint configuration " + name,
			[]string{"sagemaker", "delete-endpoint-config", "--endpoint-config-name", name},
		})
	}
	for _, name := range found.Models {
		all = append(all, thing{
			"model " + name, []string{"sagemaker", "delete-model", "--model-name", name},
		})
	}
	return all
}

// eachRegion looks for what is left over in each region of the stack, and counts it.
func (s *Stack) eachRegion(
	ctx context.Context, handle func(*leftovers.Search, leftovers.Leftovers, string) error,
) (int, error) {
	exported, deployment, err := s.export(ctx)
	if err != nil {
		return 0, err
	}
	state := string(exported.Deployment)
	n := 0
	for _, region := range regionsOf(s.opts.File.Region(), deployment) {
		config, err := s.config(ctx, region)
		if err != nil {
			return n, err
		}
		search := &leftovers.Search{
			SageMaker: sagemaker.NewFromConfig(config), Stack: s.opts.File.Stack,
			Known: func(name string) bool { return strings.Contains(state, name) },
		}
		found, err := search.Find(ctx)
		if err == nil {
			n += len(found.Configs) + len(found.Models)
			err = handle(search, found, region)
		}
		if err != nil {
			return n, fmt.Errorf("what is left over of stack %q in %s: %w", s.opts.File.Stack, region, err)
		}
	}
	return n, nil
}

// config leads to the AWS that the engine uses.
func (s *Stack) config(ctx context.Context, region string) (aws.Config, error) {
	if url := s.opts.Env["AWS_ENDPOINT_URL"]; url != "" {
		return cloud.Local(url, region), nil
	}
	allowed, err := s.opts.File.AllowedAccounts()
	if err != nil {
		return aws.Config{}, err
	}
	return cloud.AWS(ctx, region, allowed)
}

// hostingARN begins the ARNs of what is in SageMaker.
var hostingARN = regexp.MustCompile(`^arn:[a-z-]+:sagemaker:([a-z0-9-]+):`)

// regionsOf are the region of a stack's file, and those in which the stack has something: it may have moved.
func regionsOf(region string, deployment *apitype.DeploymentV3) []string {
	regions := []string{region}
	seen := map[string]bool{region: true}
	for i := range deployment.Resources {
		arn, _ := deployment.Resources[i].Outputs["arn"].(string)
		if found := hostingARN.FindStringSubmatch(arn); found != nil && !seen[found[1]] {
			seen[found[1]] = true
			regions = append(regions, found[1])
		}
	}
	return regions
}

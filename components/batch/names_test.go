package batch

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/kit/limits"
)

func TestJobsAreCalledLikeTheirBatchAsFarAsThereIsRoom(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"flowers-prod":                         "flowers-prod",
		"Flowers-Prod":                         "flowers-prod",
		"abcdefghijklmnopqrst-prod":            "abcdefghijklmnopqrst-prod",
		"penguin-classification-models-dev":    "penguin-classifi-a52e14d3",
		"penguin-classification-models-prod":   "penguin-classifi-b0ce4164",
		"abcdefghijklmno-pqrstuvwxyz-and-more": "abcdefghijklmno-647cb11d",
	} {
		assert.Equal(t, want, jobPrefix(name), name)
	}
}

// A state machine may stop what begins with its jobs' names, and stacks can be in one account.
func TestJobsOfBatchesWhoseNamesBeginAlikeAreToldApart(t *testing.T) {
	t.Parallel()
	names := rapid.StringMatching(`[a-z][a-z0-9]{20,40}(-[a-z0-9]{1,8}){1,2}`)
	rapid.Check(t, func(t *rapid.T) {
		one := names.Draw(t, "one")
		another := one[:len(one)-1] + string("ab"[strings.Count(one[len(one)-1:], "a")])
		if one == another {
			return
		}
		if first, second := jobPrefix(one)+"-", jobPrefix(another)+"-"; strings.HasPrefix(first, second) ||
			strings.HasPrefix(second, first) {
			t.Fatalf("%s and %s: %s and %s", one, another, first, second)
		}
	})
}

// SageMaker takes the name of a job that is made of any batch's name.
func TestTheNameOfAJobIsAlwaysOneThatSageMakerTakes(t *testing.T) {
	t.Parallel()
	names := rapid.StringMatching(`[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,40}`)
	ids := regexp.MustCompile(`^[a-z0-9-]+$`)
	rapid.Check(t, func(t *rapid.T) {
		name := names.Draw(t, "name")
		job := jobPrefix(name) + "-" + strings.Repeat("f", 32) + "-9999"
		if problem := limits.StringProblem("TransformJobName", job); problem != "" || !ids.MatchString(job) {
			t.Fatalf("%s: %s", job, problem)
		}
	})
}

package batch

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"sagehost/internal/limits"
)

func TestJobsAreCalledLikeTheirBatchAsFarAsThereIsRoom(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"flowers-prod":                       "flowers-prod",
		"Flowers-Prod":                       "flowers-prod",
		"abcdefghijklmnopqrstuvwxyz-0":       "abcdefghijklmnopqrstuvwxyz-0",
		"abcdefghijklmnopqrstuvwxyz-0-prod":  "abcdefghijklmnopqrstuvwxyz-0",
		"abcdefghijklmnopqrstuvwxyz0-a-prod": "abcdefghijklmnopqrstuvwxyz0",
	} {
		assert.Equal(t, want, jobPrefix(name), name)
	}
}

// SageMaker takes the name of a job that is made of any batch's name.
func TestTheNameOfAJobIsAlwaysOneThatSageMakerTakes(t *testing.T) {
	t.Parallel()
	names := rapid.StringMatching(`[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,40}`)
	ids := regexp.MustCompile(`^[a-z0-9-]+$`)
	rapid.Check(t, func(t *rapid.T) {
		name := names.Draw(t, "name")
		job := jobPrefix(name) + "-" + strings.Repeat("f", 32) + "-4"
		if problem := limits.StringProblem("TransformJobName", job); problem != "" || !ids.MatchString(job) {
			t.Fatalf("%s: %s", job, problem)
		}
	})
}

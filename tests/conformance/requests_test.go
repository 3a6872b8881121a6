package conformance_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/autoscaling"
	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/services/stepfunctions"
	"sagehost/localaws/services/transform"
)

func TestRequestsAreAnsweredAsAWSAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, s := range loadStories(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := s.tell(t, w)
			t.Run("with the members that the service model has", func(t *testing.T) {
				t.Parallel()
				checkShapes(t, serviceModels(t).services, said)
			})
		})
	}
}

// check holds an answer against what a step says.
func (s *story) check(t *testing.T, at step, got answer, content map[string]any) {
	t.Helper()
	want, ok := s.wanted(at)
	status := 400
	if ok {
		status = 200
	}
	assert.Equal(t, status, got.status, "%s: %s: %s", at.Do, at.Title, got.body)
	assert.Equal(t, want, plain(content), "%s: %s", at.Do, at.Title)
	assert.Equal(t, contentType(s.Service), got.header.Get("Content-Type"), "%s: %s", at.Do, at.Title)
	assert.Equal(t, "(uuid)", uuid.ReplaceAllString(got.header.Get("X-Amzn-Requestid"), "(uuid)"), at.Do)
}

func TestABodyThatIsNoObjectIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for service, operation := range map[string]string{
		"sagemaker": "ListModels", "application-autoscaling": "DescribeScalableTargets",
		"states": "ListStateMachines",
	} {
		for _, body := range []string{"{", "null", `"x"`, "[]", "7", `{"MaxResults":1,}`, `{"MaxResults":1} {}`} {
			got := w.call(t, service, "ca-central-1", operation, []byte(body))
			assert.Equal(t, 400, got.status, body)
			assert.Equal(t, "SerializationException", got.object(t)["__type"], body)
		}
	}
}

// operations are those of the fakes, by the signing name of their service.
func operations(t *testing.T) map[string][]string {
	t.Helper()
	jobs, err := transform.New(transform.Options{})
	require.NoError(t, err)
	hosting := sagemaker.New(sagemaker.Options{Clock: time.Now, More: jobs.Operations()})
	scaling := autoscaling.New(autoscaling.Options{Clock: time.Now})
	workflows := stepfunctions.New(stepfunctions.Options{})
	return map[string][]string{
		"sagemaker":               slices.Sorted(maps.Keys(hosting.Operations)),
		"application-autoscaling": slices.Sorted(maps.Keys(scaling.Operations)),
		"states":                  slices.Sorted(maps.Keys(workflows.Operations)),
	}
}

// Each operation must be told about when it succeeds, when a value has the wrong type, when one is missing or not
// allowed, and when something else is in the way, such as a thing that does not exist.
func TestNoOperationIsLeftOut(t *testing.T) {
	t.Parallel()
	const success, wrongType, badValue, refusal = "success", "wrong type", "bad value", "refusal"
	told := map[string]map[string]bool{}
	for _, s := range loadStories(t) {
		for _, at := range s.Steps {
			key, kind := s.Service+" "+at.Do, refusal
			switch words := s.spell(at.Error); {
			case words == "":
				kind = success
			case strings.HasPrefix(words, "SerializationException: "):
				kind = wrongType
			case strings.Contains(words, "failed to satisfy constraint"):
				kind = badValue
			}
			if told[key] == nil {
				told[key] = map[string]bool{}
			}
			told[key][kind] = true
		}
	}
	for service, names := range operations(t) {
		for _, name := range names {
			for _, kind := range []string{success, wrongType, badValue, refusal} {
				assert.True(t, told[service+" "+name][kind], "%s has no %s", name, kind)
			}
		}
	}
}

package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// story is a file of requests that are sent one after the other, in a region that no other story uses.
type story struct {
	// Service is the signing name of the service that is asked.
	Service string
	Region  string
	// Names stand for texts that occur often: $name in a request or an answer.
	Names map[string]string
	Steps []step
}

// step is a request and what AWS answers.
type step struct {
	// Do is the operation.
	Do string
	// Title says what is special; it may be left out.
	Title string
	// Send is the input. Nothing is sent as an empty object.
	Send map[string]any
	// Error is the code and the message of an error, as "ValidationException: …", and Answer the exact output.
	Error  string
	Answer map[string]any
	// Eventually repeats the request until the answer is there: containers take time to start.
	Eventually bool
}

func loadStories(t *testing.T) map[string]*story {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "stories", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	stories := map[string]*story{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(text))
		decoder.KnownFields(true)
		s := &story{}
		require.NoError(t, decoder.Decode(s), file)
		stories[strings.TrimSuffix(filepath.Base(file), ".yaml")] = s
	}
	return stories
}

// patience is how often a step that is answered eventually is repeated, at pause.
const (
	patience = 400
	pause    = 50 * time.Millisecond
)

// spoken is a step with the answer that came.
type spoken struct {
	service, operation string
	status             int
	content            map[string]any
}

// tell sends the requests of a story, checks the answers and returns them. Where a step says "(token)" or "(arn)", the
// token of the last page is sent, or the ARN of the last scalable target that was described.
func (s *story) tell(t *testing.T, w *world) []spoken {
	t.Helper()
	var said []spoken
	seen := map[string]string{}
	for _, at := range s.Steps {
		body := s.body(t, at, seen)
		var got answer
		var content map[string]any
		for range patience {
			got = w.call(t, s.Service, s.Region, at.Do, body)
			content = got.object(t)
			if !at.Eventually || s.matches(at, got, content) {
				break
			}
			time.Sleep(pause)
		}
		remember(seen, content)
		s.check(t, at, got, content)
		said = append(said, spoken{s.Service, at.Do, got.status, content})
	}
	return said
}

// remember takes over what later steps may send.
func remember(seen map[string]string, content map[string]any) {
	for _, name := range []string{"NextToken", "nextToken"} {
		if next, ok := content[name].(string); ok {
			seen["(token)"] = next
		}
	}
	targets, _ := content["ScalableTargets"].([]any)
	for _, target := range targets {
		described, _ := target.(map[string]any)
		seen["(arn)"], _ = described["ScalableTargetARN"].(string)
	}
}

func (s *story) body(t *testing.T, at step, seen map[string]string) []byte {
	t.Helper()
	sent := change("", at.Send, func(_, text string) string {
		if value, ok := seen[text]; ok {
			return value
		}
		return s.spell(text)
	})
	text, err := json.Marshal(sent)
	require.NoError(t, err)
	return text
}

// spell writes the names of a story out, the longest first: one may start another.
func (s *story) spell(text string) string {
	names := slices.SortedFunc(maps.Keys(s.Names), func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		text = strings.ReplaceAll(text, "$"+name, s.Names[name])
	}
	return text
}

func (s *story) matches(at step, got answer, content map[string]any) bool {
	want, ok := s.wanted(at)
	return ok == (got.status == 200) && assert.ObjectsAreEqual(want, plain(content))
}

// wanted is the content that a step is to be answered with; ok is false for an error.
func (s *story) wanted(at step) (content map[string]any, ok bool) {
	if at.Error == "" {
		content, _ = change("", at.Answer, func(_, text string) string { return s.spell(text) }).(map[string]any)
		return content, true
	}
	code, message, _ := strings.Cut(s.spell(at.Error), ": ")
	return map[string]any{"__type": code, "message": message, "Message": message}, false
}

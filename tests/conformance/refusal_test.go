package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// gap is something that the model says and the local AWS does not hold to, for a reason.
type gap struct {
	// Operation, Member and Kind are patterns in which * is any text. Empty ones match everything.
	Operation, Member, Kind string
	// Says is a regular expression: the gap is one of wording, and the answer is this. Empty stands for any answer.
	Says   string
	Reason string

	words *regexp.Regexp
	used  bool
}

func loadGaps(t *testing.T, name string) []*gap {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var gaps []*gap
	require.NoError(t, decoder.Decode(&gaps))
	for _, g := range gaps {
		require.NotEmpty(t, g.Reason)
		g.words, err = regexp.Compile(g.Says)
		require.NoError(t, err)
	}
	return gaps
}

func (g *gap) covers(v violation, said string) bool {
	if !g.words.MatchString(said) {
		return false
	}
	for _, row := range [][2]string{{g.Operation, v.operation}, {g.Member, v.path}, {g.Kind, v.kind}} {
		if fits, err := path.Match(row[0], row[1]); row[0] != "" && (err != nil || !fits) {
			return false
		}
	}
	return true
}

// excused reports whether a gap is known, and notes that it is still one.
func excused(gaps []*gap, v violation, said string) bool {
	for _, g := range gaps {
		if g.covers(v, said) {
			g.used = true
			return true
		}
	}
	return false
}

// samples are values for shapes of which the fakes answer for some only.
var samples = map[string]any{
	"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}

// reviewed is the botocore whose models the gaps were last compared with.
const reviewed = "1.43.11"

// audit sends violations and notes what is not answered as AWS does.
type audit struct {
	world   *world
	gaps    []*gap
	checked int
	found   []string
}

// Whatever the service models say of the members of requests is held to, but for the gaps in testdata/gaps.yaml. Gaps
// that are none any more must leave that file. AWS adds members every week: what newer models have is told, and is no
// failure.
func TestEveryConstraintOfTheServiceModelsIsHeldTo(t *testing.T) {
	t.Parallel()
	models := serviceModels(t)
	a := &audit{world: newWorld(t), gaps: loadGaps(t, "gaps.yaml")}
	for service, names := range operations(t) {
		for _, name := range names {
			require.Contains(t, models.services[service].Operations, name)
			a.operation(t, models.services[service], service, name)
		}
	}
	a.invocations(t, models.services["sagemaker-runtime"])
	assert.Greater(t, a.checked, 3000)
	for _, g := range a.gaps {
		if !g.used {
			a.found = append(a.found, fmt.Sprintf("no gap any more: %s %s %s: %s", g.Operation, g.Member, g.Kind, g.Reason))
		}
	}
	if models.version != reviewed && len(a.found) > 0 {
		t.Skipf("the gaps were compared with botocore %s. With %s there are others:\n%s", reviewed, models.version,
			strings.Join(a.found, "\n"))
	}
	assert.Empty(t, strings.Join(a.found, "\n"))
}

func (a *audit) operation(t *testing.T, m *model, service, name string) {
	t.Helper()
	for _, v := range violations(m, name, samples) {
		body, err := json.Marshal(v.input)
		require.NoError(t, err)
		var said struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		// What the emulator answers may be no JSON, and is then no refusal either.
		_ = json.Unmarshal(a.world.call(t, service, "ca-central-1", name, body).body, &said)
		a.judge(v, said.Type, said.Message)
	}
}

// judge holds an answer against what a violation must be answered with.
func (a *audit) judge(v violation, code, message string) {
	a.checked++
	right := strings.HasPrefix(code, "Validation") && v.message.MatchString(message)
	switch {
	case v.allowed:
		right = code != "SerializationException" && !v.message.MatchString(message)
	case v.serialization:
		right = code == "SerializationException" && v.message.MatchString(message)
	}
	if !right && !excused(a.gaps, v, code+": "+message) {
		input, _ := json.Marshal(v.input)
		a.found = append(a.found, fmt.Sprintf("%s %s (%s): not answered with %s, but with %s: %.300s\n  for %.300s",
			v.operation, v.path, v.kind, v.message, code, message, input))
	}
}

// invocations breaks the members of invocations, which are headers.
func (a *audit) invocations(t *testing.T, m *model) {
	t.Helper()
	for _, name := range []string{"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"} {
		input := m.at(m.Operations[name].Input)
		for _, v := range violations(m, name, nil) {
			r := request{
				service: "sagemaker", region: "ca-central-1", path: m.Operations[name].HTTP.RequestURI, header: map[string]string{},
			}
			for member, value := range v.input {
				switch ref := input.Members[member]; ref.Location {
				case "uri":
					r.path = strings.ReplaceAll(r.path, "{"+ref.LocationName+"}", fmt.Sprint(value))
				case "header":
					r.header[ref.LocationName] = fmt.Sprint(value)
				default:
					r.body = []byte(fmt.Sprint(value))
				}
			}
			got := a.world.send(t, r)
			message, _ := got.object(t)["Message"].(string)
			a.judge(v, got.header.Get("X-Amzn-Errortype"), message)
		}
	}
}

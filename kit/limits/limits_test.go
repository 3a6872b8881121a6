package limits

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheEmbeddedFileIsReadable(t *testing.T) {
	t.Parallel()
	var file struct {
		Source string `json:"source"`
		model
	}
	require.NoError(t, json.Unmarshal(serviceModel, &file))
	assert.Contains(t, file.Source, "sagemaker/2017-07-24/service-2")
	assert.Len(t, file.Enums, 19)
	assert.Len(t, file.Constraints, 58)
}

// Go has no lookahead, and repeats at most 1000 times.
func TestTwoPatternsAreBeyondGo(t *testing.T) {
	t.Parallel()
	var without []string
	for shape, c := range load().Constraints {
		if c.expr == nil {
			without = append(without, shape)
		}
	}
	assert.ElementsMatch(t, []string{"AlarmName", "ModelPackageArn"}, without)
}

func TestEveryPatternThatCanBeBrokenHasARuleInWords(t *testing.T) {
	t.Parallel()
	for shape, c := range load().Constraints {
		if c.expr != nil && c.Pattern != "" && c.Pattern != `[\S\s]*` {
			assert.NotEmpty(t, Rule(shape), "%s: %s", shape, c.Pattern)
		}
	}
}

func TestEnumsAreComplete(t *testing.T) {
	t.Parallel()
	for shape, want := range map[string]int{
		"ProductionVariantInstanceType": 277,
		"TransformInstanceType":         108,
		"EndpointStatus":                9,
		"RoutingStrategy":               2,
		"NoSuchShape":                   0,
	} {
		assert.Len(t, Enum(shape), want, shape)
	}
}

func TestEnumsListTheirValues(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"LEAST_OUTSTANDING_REQUESTS", "RANDOM"}, Enum("RoutingStrategy"))
}

func TestRangesHaveTwoBounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		shape     string
		low, high float64
		ok        bool
	}{
		{"ProductionVariantList", 1, 10, true},
		{"ProductionVariantVolumeSizeInGB", 1, 512, true},
		{"ProductionVariantContainerStartupHealthCheckTimeoutInSeconds", 60, 3600, true},
		{"EnvironmentMap", 0, 100, true},
		{"InitialTaskCount", 0, 0, false}, // no upper bound
		{"NoSuchShape", 0, 0, false},
	} {
		low, high, ok := Range(test.shape)
		assert.Equal(t, []any{test.low, test.high, test.ok}, []any{low, high, ok}, test.shape)
	}
}

func TestAStringsProblemSaysWhatIsAllowed(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("a", MaxNameLength)
	for _, test := range []struct{ name, shape, value, want string }{
		{"a plain name", "EndpointName", "flowers-prod", ""},
		{"one character", "EndpointName", "f", ""},
		{"as long as can be", "EndpointName", longest, ""},
		{
			"one too long", "EndpointName", longest + "a",
			`"` + longest + `a" has 64 characters; at most 63 are allowed`,
		},
		{
			"too short", "RoleArn", "arn:aws:iam::1",
			`"arn:aws:iam::1" has 14 characters; at least 20 are required`,
		},
		{
			"an underscore", "EndpointName", "flowers_prod",
			`"flowers_prod" may only have letters, digits and hyphens, and no hyphen at its start or end`,
		},
		{
			"a trailing hyphen", "EndpointName", "flowers-",
			`"flowers-" may only have letters, digits and hyphens, and no hyphen at its start or end`,
		},
		{
			"a valid name followed by a line break", "EndpointName", "flowers\n",
			`"flowers\n" may only have letters, digits and hyphens, and no hyphen at its start or end`,
		},
		{
			"the empty name", "EndpointName", "",
			"is empty",
		},
		{"characters are counted, not bytes", "TagKey", strings.Repeat("ü", 128), ""},
		{"an unknown shape has no limits", "NoSuchShape", "anything at all", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, StringProblem(test.shape, test.value))
		})
	}
}

func TestTheLongestNameIsTheModels(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{
		"EndpointName", "EndpointConfigName", "VariantName", "ModelName", "TransformJobName", "MonitoringScheduleName",
	} {
		require.NotNil(t, load().Constraints[shape], shape)
		require.NotNil(t, load().Constraints[shape].Max, shape)
		assert.InDelta(t, MaxNameLength, *load().Constraints[shape].Max, 0, shape)
	}
}

package previewreport_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/internal/delivery/previewreport"
)

func TestAReportSaysFirstWhatMattersMost(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{
		Operation: previewreport.Preview, Stack: "prod", Unchanged: 110,
		Changes: []previewreport.Change{
			{Op: "update", Type: "aws:sagemaker/endpoint:Endpoint", Name: "flowers", Properties: []string{"endpointConfigName"}},
			{
				Op: "replace", Type: "aws:sagemaker/model:Model", Name: "flowers",
				Properties: []string{"primaryContainer.image"}, Because: []string{"primaryContainer"},
			},
			{
				Op: "delete", Type: "aws:s3/bucketV2:BucketV2", Name: "sagehost-prod-batch", Data: "its objects",
				Protected: true,
			},
			{Op: "create", Type: "aws:sns/topic:Topic", Name: "alerts"},
		},
		Endpoints: []previewreport.Endpoint{{
			Name: "flowers", InAWS: "flowers-prod", Op: "update", How: "canary: 50 % of the capacity first",
			Models: []previewreport.Model{{Name: "flowers", Differences: []previewreport.Difference{
				{What: "release", From: "", To: "0a1b2c3d4e5f"}, {What: "image", From: "scoring:1", To: "scoring:2"},
			}}},
		}},
	}
	want, err := os.ReadFile("testdata/preview.md")
	require.NoError(t, err)
	assert.Equal(t, string(want), report.Markdown())
}

func TestNothingToDoIsSaidInALine(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{Operation: previewreport.Drift, Stack: "dev", Unchanged: 3}
	assert.Equal(t, "<!-- sagehost:drift:dev -->\n### Drift of stack <code>dev</code>\n\n3 unchanged.\n",
		report.Markdown())
}

func TestWhatDriftedIsToldInThePast(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{
		Operation: previewreport.Drift, Stack: "dev", Changes: []previewreport.Change{{Op: "update"}, {Op: "delete"}},
	}
	assert.Contains(t, report.Markdown(), "**1 changed**, **1 deleted**, 0 unchanged.")
}

func TestAFailureIsShownWithItsErrorsAndWithoutEndingItsFence(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{
		Operation: previewreport.Preview, Stack: "dev", Failed: true,
		Errors: []string{"flowers: refused", "```\n</details> <!-- sagehost:preview:prod -->"},
	}
	assert.Equal(t, "<!-- sagehost:preview:dev -->\n### Preview of stack <code>dev</code> failed\n\n````text\n"+
		"flowers: refused\n\n```\n</details> <!-- sagehost:preview:prod -->\n````\n\nUntil it failed: 0 unchanged.\n",
		report.Markdown())
}

func TestNamesCannotBecomeMarkup(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{
		Operation: previewreport.Preview, Stack: "dev",
		Changes: []previewreport.Change{{
			Op: "replace", Type: "t", Name: "a|b\n<img src=x> @team `c`", Because: []string{"[x](y)"},
		}},
	}
	text := report.Markdown()
	assert.Contains(t, text, "a&#124;b &lt;img src=x&gt; &#64;team &#96;c&#96;")
	assert.Contains(t, text, "&#91;x&#93;(y)")
}

// drawn is any report.
func drawn() *rapid.Generator[*previewreport.Report] {
	operations := []previewreport.Operation{previewreport.Preview, previewreport.Drift}
	words := rapid.SliceOfN(rapid.String(), 0, 20)
	return rapid.Custom(func(t *rapid.T) *previewreport.Report {
		r := &previewreport.Report{
			Operation: rapid.SampledFrom(operations).Draw(t, "operation"),
			Stack:     rapid.StringMatching(`[a-z]{1,20}`).Draw(t, "stack"), Failed: rapid.Bool().Draw(t, "failed"),
		}
		long := strings.Repeat("é`|", rapid.IntRange(0, 500).Draw(t, "length"))
		r.Errors = append(words.Draw(t, "errors"), strings.Repeat(long, 50))
		change := previewreport.Change{
			Op: "replace", Type: rapid.String().Draw(t, "type"), Name: long, Properties: words.Draw(t, "properties"),
			Because: words.Draw(t, "because"), Data: "its objects",
		}
		for range rapid.IntRange(0, 300).Draw(t, "changes") {
			r.Changes = append(r.Changes, change)
		}
		for range rapid.IntRange(0, 100).Draw(t, "endpoints") {
			r.Endpoints = append(r.Endpoints, previewreport.Endpoint{Name: long, InAWS: long, Op: "update"})
		}
		return r
	})
}

func TestAnyReportFitsAndIsFoundAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		report := drawn().Draw(t, "report")
		text := report.Markdown()
		require.LessOrEqual(t, len(text), previewreport.Limit)
		require.True(t, strings.HasPrefix(text, previewreport.Marker(report.Operation, report.Stack)+"\n"))
		require.Equal(t, strings.Count(text, "\n<details>"), strings.Count(text, "\n</details>\n"))
		require.True(t, utf8.ValidString(text))
	})
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	t.Parallel()
	report := &previewreport.Report{Operation: previewreport.Preview, Stack: "dev"}
	for range 2000 {
		report.Changes = append(report.Changes, previewreport.Change{Op: "create", Type: "aws:sns/topic:Topic"})
	}
	text := report.Markdown()
	shown := strings.Count(text, "| create |")
	assert.Greater(t, shown, 500)
	assert.Contains(t, text, "**2000 to create**")
	assert.Regexp(t, `\n… and \d+ more\.\n\n</details>\n$`, text)
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		report := drawn().Draw(t, "report")
		text, err := report.Encode()
		require.NoError(t, err)
		again, err := previewreport.Decode(text)
		require.NoError(t, err)
		require.Equal(t, report.Markdown(), again.Markdown())
	})
}

func TestAReportThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "report: EOF",
		`{"operation":"up","stack":"dev"}`:     `report: operation: "up" is neither "preview" nor "drift"`,
		`{"operation":"drift","stack":"-->x"}`: `report: stack: "-->x" is not the name of a stack`,
		`{"operation":"drift","other":1}`:      `report: json: unknown field "other"`,
		`{"operation":"drift","stack":"a"} {}`: "report: something follows its end",
	} {
		_, err := previewreport.Decode([]byte(text))
		assert.EqualError(t, err, want, text)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"operation":"drift","stack":"dev","unchanged":1,"changes":[{"op":"update","type":"t","name":"n"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		report, err := previewreport.Decode(text)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(report.Markdown()), previewreport.Limit)
	})
}

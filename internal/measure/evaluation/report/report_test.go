package report_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation"
	"sagehost/internal/measure/evaluation/report"
	"sagehost/internal/release/gates"
	"sagehost/internal/release/metrics"
)

const digits = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// classified is a classification of so many classes.
func classified(t *testing.T, classes, rows int) *metrics.Summary {
	t.Helper()
	names := make([]string, classes)
	for i := range names {
		names[i] = fmt.Sprintf("class-%02d", i)
	}
	c, err := metrics.NewClasses(names, "")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(3, 4))
	for range rows {
		truth, sure := random.IntN(classes), 0.5+random.Float64()/2
		predicted := truth
		if random.Float64() > sure {
			predicted = random.IntN(classes)
		}
		require.NoError(t, c.Add(names[truth], &metrics.Answer{Class: names[predicted], Probability: &sure}))
	}
	s, err := c.Summary()
	require.NoError(t, err)
	return s
}

func regressed(t *testing.T, scale float64) *metrics.Summary {
	t.Helper()
	n := metrics.NewNumbers()
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		truth := random.Float64() * scale
		require.NoError(t, n.Add(truth, &metrics.Answer{Value: truth + random.NormFloat64()*scale/10}))
	}
	s, err := n.Summary()
	require.NoError(t, err)
	return s
}

// perfect predicts so many rows as they are.
func perfect(t *testing.T, rows int) *metrics.Summary {
	t.Helper()
	n := metrics.NewNumbers()
	for i := range rows {
		require.NoError(t, n.Add(float64(i), &metrics.Answer{Value: float64(i)}))
	}
	s, err := n.Summary()
	require.NoError(t, err)
	return s
}

// reported is a report with limits that pass, fail and cannot be applied.
func reported(s *metrics.Summary) *report.Report {
	low, high, drop := 0.5, 0.99, 0.02
	result := &evaluation.Result{
		Summary: s, Data: digits, Source: "data/<held-out>.csv", Label: "species",
		Ended: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Outcome: &batchrun.Outcome{Duration: 61 * time.Second, Execution: batchrun.Execution{
			Name: "evaluate-1", Output: "s3://b/runs/evaluate-1/output/",
		}},
	}
	limits := gates.Evaluation{"accuracy": {Min: &low, MaxDrop: &drop}, "precision": {Min: &high}, "logLoss": {Max: &high}}
	baseline := gates.Measured{Data: digits, Values: map[string]float64{"accuracy": 0.75, "rows": 900}}
	return &report.Report{
		Model: "flowers", Stack: "dev", Release: digits, Result: result, Baseline: &baseline,
		Judgement: limits.Judge(result.Measured(), &baseline),
	}
}

func written(t *testing.T, r *report.Report) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, r.Write(&page))
	return page.String()
}

var image = regexp.MustCompile(`<img src="data:image/png;base64,([^"]+)" width="(\d+)" alt="([^"]+)">`)

// pictures are the titles of a page's pictures, each of which is a PNG twice as wide as it is shown.
func pictures(t *testing.T, page string) []string {
	t.Helper()
	var titles []string
	for _, found := range image.FindAllStringSubmatch(page, -1) {
		text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(found[1], "&#43;", "+"))
		require.NoError(t, err)
		picture, err := png.Decode(bytes.NewReader(text))
		require.NoError(t, err)
		assert.InDelta(t, 2, float64(picture.Bounds().Dx())/number(t, found[2]), 0.01)
	}
	for _, found := range regexp.MustCompile(`<figcaption><b>([^.]+)\.`).FindAllStringSubmatch(page, -1) {
		titles = append(titles, found[1])
	}
	return titles
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	var x float64
	_, err := fmt.Sscan(text, &x)
	require.NoError(t, err)
	return x
}

func TestPicturesFitTheKindOfModel(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		summary *metrics.Summary
		want    []string
	}{
		{"two", classified(t, 2, 1000), []string{"Confusion matrix", "Calibration", "ROC"}},
		{"three", classified(t, 3, 1000), []string{"Confusion matrix", "Calibration"}},
		{"thirty", classified(t, 30, 3000), []string{"Confusion matrix", "Calibration"}},
		{"as many as can be seen", classified(t, 100, 1000), []string{"Confusion matrix", "Calibration"}},
		{"too many to be seen", classified(t, 101, 1000), []string{"Calibration"}},
		{"numbers", regressed(t, 100), []string{"Predicted and true", "Residuals"}},
		{"perfect", perfect(t, 50), []string{"Predicted and true"}},
		{"single", perfect(t, 1), []string{"Predicted and true"}},
		{"large", regressed(t, 1e299), []string{"Predicted and true", "Residuals"}},
		{"too large to draw", regressed(t, math.MaxFloat64/4), nil},
		{"small", regressed(t, 1e-300), []string{"Predicted and true", "Residuals"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, pictures(t, written(t, reported(row.summary))))
		})
	}
}

func TestTheSameReportIsTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, summary := range []*metrics.Summary{classified(t, 2, 500), regressed(t, 1)} {
		first := written(t, reported(summary))
		assert.Equal(t, first, written(t, reported(summary)))
	}
}

func TestAReportNeedsNothingElse(t *testing.T) {
	t.Parallel()
	page := written(t, reported(classified(t, 2, 500)))
	rest := image.ReplaceAllString(page, "")
	assert.NotRegexp(t, `(?i)(https?:|//|@import|<link|<script|url\(|src=)`, strings.ReplaceAll(rest, "s3://", ""))
	assert.Contains(t, page, "data/&lt;held-out&gt;.csv", "what was given is no HTML")
}

func TestTheTableTellsMetricsLimitsAndWhatIsInProduction(t *testing.T) {
	t.Parallel()
	s := classified(t, 3, 1000)
	page := written(t, reported(s))
	assert.Contains(t, page, `<h1>flowers in dev: <b class="result fail">fail</b></h1>`)
	assert.Contains(t, page, `<td>Accuracy</td>
<td class="n">0.817</td>
<td class="n">0.75</td>
<td><div class="pass"><b>pass</b> min 0.5</div><div class="pass"><b>pass</b> maxDrop 0.02</div></td>`)
	assert.Contains(t, page, `<td>Log loss</td>
<td class="n">–</td>
<td class="n">–</td>
<td><div class="inconclusive"><b>inconclusive</b> max 0.99: logLoss was not measured: the answers tell only the `+
		`probability of the predicted class, and there are more than two</div></td>`)
	assert.Contains(t, page, `<tr><td>class-00</td><td class="n">319</td><td class="n">332</td>`+
		`<td class="n">78.3 %</td><td class="n">81.5 %</td><td class="n">79.9 %</td></tr>`)
	assert.NotContains(t, page, "RMSE")

	assert.NotContains(t, page, "Threshold")
	other := reported(s)
	other.Result.Threshold = new(0.25)
	assert.Contains(t, written(t, other), `<tr><th>Threshold</th><td>0.25</td></tr>`)
	other.Baseline.Data = "of other rows"
	assert.NotContains(t, written(t, other), "0.75", "what was measured on other data is not shown beside this")
}

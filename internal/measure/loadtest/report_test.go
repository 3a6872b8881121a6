package loadtest

import (
	"bytes"
	"encoding/base64"
	"html"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/measure/smoke"
)

// found is a report of two steps, of which the first was held.
func found() *Report {
	o := options()
	steps := []Step{
		{Rate: 80, Sent: 800, Errors: 9, Latency: smoke.Latency{Count: 791, P99: time.Second}, Problem: "p99 is <1s>"},
		{Rate: 40, Sent: 400, Latency: smoke.Latency{Count: 400, P50: 20 * time.Millisecond, P99: 30 * time.Millisecond}},
		{Rate: 90, Sent: 9, Errors: 9, Problem: "no answer"},
	}
	return &Report{
		Title: "flowers-dev", Options: &o, Result: &Result{Steps: steps, Best: &steps[1]},
		Advice: &Advice{MaxRequestsPerSecond: 40, SafetyFactor: 0.5}, Notes: []string{"only this machine"},
	}
}

func TestAReportIsOneFileWithAPicture(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reports", "flowers.html")
	require.NoError(t, found().Write(path))
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	text := string(page)
	for _, part := range []string{
		"<h1>flowers-dev</h1>", "40 requests/s were held with 99 of 100 requests within 100ms.", "only this machine",
		"maxRequestsPerSecond: 40", "<tr><td>80.0<td>800<td>9\n<td>0s<td>0s<td>1s<td>p99 is &lt;1s&gt;",
		"<tr><td>40.0<td>400<td>0\n<td>20ms<td>0s<td>30ms<td>held",
	} {
		assert.Contains(t, text, part)
	}
	encoded := regexp.MustCompile(`src="data:image/png;base64,([^"]+)"`).FindStringSubmatch(text)
	require.Len(t, encoded, 2)
	image, err := base64.StdEncoding.DecodeString(html.UnescapeString(encoded[1]))
	require.NoError(t, err)
	decoded, err := png.Decode(bytes.NewReader(image))
	require.NoError(t, err)
	assert.Greater(t, decoded.Bounds().Dx(), decoded.Bounds().Dy())
}

func TestTheChartShowsAnsweredStepsByRate(t *testing.T) {
	t.Parallel()
	r := found()
	drawn := lines(r.Result.Steps, r.Options)
	require.Len(t, drawn, 3)
	p99 := drawn[1].points
	require.Len(t, p99, 2)
	assert.Equal(t, []float64{40, 30, 80, 1000}, []float64{p99[0].X, p99[0].Y, p99[1].X, p99[1].Y})
	assert.Equal(t, 100.0, drawn[2].points[1].Y)
	assert.Empty(t, lines(nil, r.Options))
	_, err := chart("nothing", nil, r.Options)
	assert.NoError(t, err)
}

func TestTheSummarySaysWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	r := found()
	r.Result.Stopped = "time is up"
	assert.Equal(t, "At least 40 requests/s were held with 99 of 100 requests within 100ms; the limit is not known: "+
		"time is up.", r.Summary())
	r.Result.Best = nil
	assert.Equal(t, "No rate was held with 99 of 100 requests within 100ms, and the test is not complete: time is up.",
		r.Summary())
	r.Result.Stopped = ""
	assert.Equal(t, "Not even the lowest rate was held with 99 of 100 requests within 100ms.", r.Summary())
}

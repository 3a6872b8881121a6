package gates_test

import (
	"encoding/json"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"sagehost/internal/release"
	"sagehost/internal/release/gates"
	"sagehost/kit/check"
)

func TestLimitsAreReadFromSettings(t *testing.T) {
	t.Parallel()
	want := gates.Evaluation{"accuracy": {Min: new(0.9), MaxDrop: new(0.01)}, "rows": {Min: new(100.0)}}
	const text = `{"accuracy": {"min": 0.9, "maxDrop": 0.01}, "rows": {"min": 100}}`
	var fromJSON, fromYAML gates.Evaluation
	require.NoError(t, json.Unmarshal([]byte(text), &fromJSON))
	require.NoError(t, yaml.Unmarshal([]byte(text), &fromYAML))
	assert.Equal(t, want, fromJSON)
	assert.Equal(t, want, fromYAML)
}

func TestSoundLimitsPass(t *testing.T) {
	t.Parallel()
	for _, limits := range []gates.Evaluation{
		nil,
		{"accuracy": {Min: new(0.0), Max: new(1.0), MaxDrop: new(0.0)}, "logLoss": {Max: new(12.5), MaxRise: new(0.1)}},
		{"r2": {Min: new(-3.0)}, "rmse": {Min: new(1.0), Max: new(1.0), MaxRise: new(5.0)}, "rows": {Min: new(1.0)}},
	} {
		at := check.New("evaluation")
		limits.Check(at)
		assert.NoError(t, at.Err())
	}
}

func TestLimitsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		limits gates.Evaluation
		want   string
	}{
		{gates.Evaluation{"accuracies": {Min: new(0.9)}}, `accuracies: is an unknown metric; did you mean "accuracy"?`},
		{gates.Evaluation{"auc": {}}, "auc: sets nothing; set min, max, maxDrop or maxRise"},
		{
			gates.Evaluation{"f1": {Min: new(90.0), Max: new(-0.1)}},
			"f1.max: -0.1 is not between 0 and 1\nf1.max: -0.1 is less than min (90)\nf1.min: 90 is not between 0 and 1",
		},
		{gates.Evaluation{"rmse": {Min: new(math.NaN())}}, "rmse.min: NaN is not between 0 and +Inf"},
		{gates.Evaluation{"recall": {MaxDrop: new(-0.1)}}, "recall.maxDrop: -0.1 is not a number of 0 or above"},
		{gates.Evaluation{"mae": {MaxRise: new(math.Inf(1))}}, "mae.maxRise: +Inf is not a number of 0 or above"},
		{gates.Evaluation{"logLoss": {MaxDrop: new(0.1)}}, "logLoss.maxDrop: a drop of logLoss is no loss; use maxRise"},
		{gates.Evaluation{"accuracy": {MaxRise: new(0.1)}}, "accuracy.maxRise: a rise of accuracy is no loss; use maxDrop"},
		{
			gates.Evaluation{"accuracy": {Min: new(0.5)}, "rmse": {Max: new(0.5)}},
			": has metrics of a classification and of a regression; a model is one of them",
		},
		{gates.Evaluation{"rows": {}}, "rows.min: is required"},
		{gates.Evaluation{"rows": {Min: new(0.0)}}, "rows.min: 0 is not a whole number of 1 or above"},
		{gates.Evaluation{"rows": {Min: new(1.5)}}, "rows.min: 1.5 is not a whole number of 1 or above"},
		{
			gates.Evaluation{"rows": {Min: new(1.0), Max: new(1.0), MaxDrop: new(1.0), MaxRise: new(1.0)}},
			"rows.max: cannot be set; rows has only min\nrows.maxDrop: cannot be set; rows has only min\n" +
				"rows.maxRise: cannot be set; rows has only min",
		},
	} {
		at := check.New("e")
		row.limits.Check(at)
		lines := strings.Split(row.want, "\n")
		for i, line := range lines {
			lines[i] = "e." + line
			if strings.HasPrefix(line, ":") {
				lines[i] = "e" + line
			}
		}
		assert.EqualError(t, at.Err(), strings.Join(lines, "\n"))
	}
}

// measured is what was measured on 100 rows.
func measured(values map[string]float64) gates.Measured {
	m := gates.Measured{
		Data: "d", Values: map[string]float64{"rows": 100}, Missing: map[string]string{"auc": "all rows are of one class"},
	}
	maps.Copy(m.Values, values)
	return m
}

func TestEachLimitPassesFailsOrCannotBeApplied(t *testing.T) {
	t.Parallel()
	baseline := measured(map[string]float64{"accuracy": 0.98, "logLoss": 0.2})
	elsewhere := baseline
	elsewhere.Data = "other"
	for _, row := range []struct {
		name     string
		limits   gates.Evaluation
		baseline *gates.Measured
		want     release.Result
		detail   string
	}{
		{
			"min",
			gates.Evaluation{"accuracy": {Min: new(0.97)}},
			nil, release.Pass,
			"accuracy is 0.97, wanted at least 0.97",
		},
		{
			"below min",
			gates.Evaluation{"accuracy": {Min: new(0.9701)}},
			nil, release.Fail,
			"accuracy is 0.97, wanted at least 0.9701",
		},
		{"max", gates.Evaluation{"logLoss": {Max: new(0.25)}}, nil, release.Pass, "logLoss is 0.25, wanted at most 0.25"},
		{"above max", gates.Evaluation{"logLoss": {Max: new(0.2)}}, nil, release.Fail, "logLoss is 0.25, wanted at most 0.2"},
		{
			"a drop that is allowed",
			gates.Evaluation{"accuracy": {MaxDrop: new(0.01)}},
			&baseline, release.Pass,
			"accuracy is 0.97, in production 0.98, wanted below it by at most 0.01",
		},
		{
			"a drop",
			gates.Evaluation{"accuracy": {MaxDrop: new(0.009)}},
			&baseline, release.Fail,
			"accuracy is 0.97, in production 0.98, wanted below it by at most 0.009",
		},
		{
			"a rise that is allowed",
			gates.Evaluation{"logLoss": {MaxRise: new(0.05)}},
			&baseline, release.Pass,
			"logLoss is 0.25, in production 0.2, wanted above it by at most 0.05",
		},
		{
			"a rise",
			gates.Evaluation{"logLoss": {MaxRise: new(0.0)}},
			&baseline, release.Fail,
			"logLoss is 0.25, in production 0.2, wanted above it by at most 0",
		},
		{
			"no baseline",
			gates.Evaluation{"accuracy": {MaxDrop: new(0.5)}},
			nil, release.Inconclusive,
			"there is no measurement of the release in production to compare with",
		},
		{
			"a baseline of other data",
			gates.Evaluation{"accuracy": {MaxDrop: new(0.5)}},
			&elsewhere, release.Inconclusive,
			"the release in production was measured on other data",
		},
		{
			"a baseline without the metric",
			gates.Evaluation{"recall": {MaxDrop: new(0.5)}},
			&baseline, release.Inconclusive,
			"in production, recall was not measured",
		},
		{
			"a metric that is missing",
			gates.Evaluation{"auc": {Min: new(0.5)}},
			nil, release.Inconclusive,
			"auc was not measured: all rows are of one class",
		},
	} {
		now := measured(map[string]float64{"accuracy": 0.97, "logLoss": 0.25, "recall": 1})
		j := row.limits.Judge(now, row.baseline)
		assert.Equal(t, row.want, j.Result, row.name)
		assert.Empty(t, j.Reason)
		require.Len(t, j.Findings, 1)
		assert.Equal(t, row.want, j.Findings[0].Result, row.name)
		assert.Equal(t, row.detail, j.Findings[0].Detail, row.name)
	}
}

func TestAJudgementIsTheWorstOfItsFindings(t *testing.T) {
	t.Parallel()
	passes, fails, cannot := gates.Limit{Min: new(0.5)}, gates.Limit{Min: new(0.99)}, gates.Limit{MaxDrop: new(0.1)}
	now := measured(map[string]float64{"accuracy": 0.9, "f1": 0.9, "recall": 0.9})
	for _, row := range []struct {
		limits gates.Evaluation
		want   release.Result
	}{
		{gates.Evaluation{"accuracy": passes, "f1": passes}, release.Pass},
		{gates.Evaluation{"accuracy": passes, "f1": cannot}, release.Inconclusive},
		{gates.Evaluation{"accuracy": cannot, "f1": passes}, release.Inconclusive},
		{gates.Evaluation{"accuracy": cannot, "f1": fails, "recall": passes}, release.Fail},
		{gates.Evaluation{"accuracy": fails, "f1": cannot, "recall": passes}, release.Fail},
	} {
		j := row.limits.Judge(now, nil)
		assert.Equal(t, row.want, j.Result)
		assert.Len(t, j.Findings, len(row.limits))
	}
}

func TestTooFewRowsProveNothing(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		rows   float64
		limits gates.Evaluation
		want   release.Result
		reason string
	}{
		{
			29,
			gates.Evaluation{"accuracy": {Min: new(0.99)}},
			release.Inconclusive,
			"29 rows are too few; at least 30 are wanted",
		},
		{30, gates.Evaluation{"accuracy": {Min: new(0.99)}}, release.Fail, ""},
		{5, gates.Evaluation{"accuracy": {Min: new(0.5)}, "rows": {Min: new(5.0)}}, release.Pass, ""},
		{
			999,
			gates.Evaluation{"accuracy": {Min: new(0.5)}, "rows": {Min: new(1000.0)}},
			release.Inconclusive,
			"999 rows are too few; at least 1000 are wanted",
		},
		{30, gates.Evaluation{"rows": {Min: new(1.0)}}, release.Measured, "measured, no limit set"},
		{29, gates.Evaluation{"rows": {Min: new(30.0)}}, release.Inconclusive, "29 rows are too few; at least 30 are wanted"},
		{1, nil, release.Measured, "measured, no limit set"},
	} {
		now := measured(map[string]float64{"accuracy": 0.9, "rows": row.rows})
		j := row.limits.Judge(now, nil)
		assert.Equal(t, row.want, j.Result)
		assert.Equal(t, row.reason, j.Reason)
	}
}

package alarms

import (
	"math"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sheetOf has the series a, b and c, and expressions under the given ids.
func sheetOf(expressions map[string]string) *sheet {
	series := map[string][]float64{
		"a": {1, 2, none, 4}, "b": {2, 0, 5, -0.5}, "c": {none, none, none, none},
	}
	s := &sheet{queries: map[string]types.MetricDataQuery{}, results: map[string]result{}, slots: 4}
	s.metric = func(stat types.MetricStat) ([]datum, error) {
		var data []datum
		for _, value := range series[*stat.Stat] {
			data = append(data, datum{value: value})
		}
		return data, nil
	}
	for id := range series {
		s.queries[id] = types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{Stat: &id}}
	}
	for id, expression := range expressions {
		s.queries[id] = types.MetricDataQuery{Id: &id, Expression: aws.String(expression)}
	}
	return s
}

func TestExpressionsAreEvaluatedInEachPeriod(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string][]float64{
		"a":                         {1, 2, none, 4},
		"a + b":                     {3, 2, none, 3.5},
		"100*(b/a)":                 {200, 0, none, -12.5},
		"a / b":                     {0.5, none, none, -8},
		"0 / a":                     {0, 0, none, 0},
		"-a + 2 * 3":                {5, 4, none, 2},
		"2 ^ a - 1.5e0":             {0.5, 2.5, none, 14.5},
		"a ^ 10000":                 {1, none, none, none},
		"CEIL(b / 4)":               {1, 0, 2, 0},
		"FLOOR(b)":                  {2, 0, 5, -1},
		"ABS(b)":                    {2, 0, 5, 0.5},
		"FILL(a, 0)":                {1, 2, 0, 4},
		"FILL(a, b)":                {1, 2, 5, 4},
		"FILL(a, REPEAT)":           {1, 2, 2, 4},
		"FILL(c, 7)":                {7, 7, 7, 7},
		"IF(b > 1, a, 9)":           {1, 9, none, 9},
		"IF(b, 1)":                  {1, none, 1, 1},
		"IF(a, 1, 0)":               {1, 1, none, 1},
		"a < 2 OR b <= 0":           {1, 1, none, 1},
		"b >= 2 AND b != 5":         {1, 0, 0, 0},
		"a == 1 || a == 4 && 0":     {1, 0, none, 0},
		"MAX([a, b])":               {2, 2, 5, 4},
		"MIN([a, b, 1])":            {1, 0, 1, -0.5},
		"SUM([a, b, c])":            {3, 2, 5, 3.5},
		"AVG([a, b])":               {1.5, 1, 5, 1.75},
		"SUM([c, c])":               {none, none, none, none},
		"a / MAX(a)":                {0.25, 0.5, none, 1},
		"b - AVG(b)":                {2 - 1.625, -1.625, 5 - 1.625, -0.5 - 1.625},
		"a + SUM(c)":                {none, none, none, none},
		"CEIL(a / FILL(b, 0) - .5)": {0, none, none, -8},
	} {
		got, err := sheetOf(map[string]string{"e": expression}).result("e")
		require.NoError(t, err, expression)
		require.Len(t, got.series, len(want), expression)
		for slot, value := range want {
			if math.IsNaN(value) {
				assert.True(t, math.IsNaN(got.series[slot]), "%s in slot %d is %v", expression, slot, got.series[slot])
			} else {
				assert.InDelta(t, value, got.series[slot], 1e-12, "%s in slot %d", expression, slot)
			}
		}
	}
}

func TestExpressionsReferToEachOther(t *testing.T) {
	t.Parallel()
	got, err := sheetOf(map[string]string{"e": "half * 3 + half", "half": "b / 2"}).result("e")
	require.NoError(t, err)
	assert.Equal(t, []float64{4, 0, 10, -1}, got.series)
}

func TestIdsMayBeWordsOfTheParser(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"sum", "count", "max", "len", "filter", "now", "errors"} {
		got, err := sheetOf(map[string]string{"e": "b / " + id, id: "FILL(a, 2)"}).result("e")
		require.NoError(t, err, id)
		assert.Equal(t, []float64{2, 0, 2.5, -0.125}, got.series, id)
	}
}

func TestWhatIsNoMetricMathIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		"METRICS()":                    "Unsupported: function METRICS",
		"ANOMALY_DETECTION_BAND(a, 2)": "Unsupported: function ANOMALY_DETECTION_BAND",
		"max(a)":                       `Unsupported: "max(a)" in an expression`,
		"a +":                          `Unsupported: expression "a +": unexpected token EOF (1:3)`,
		"":                             `Unsupported: expression "": unexpected token EOF`,
		"nobody":                       `Unsupported: expressions refer to "nobody", which is no id of a query`,
		"e + 1":                        `Unsupported: expression "e" refers to itself`,
		"FILL(a, LINEAR)":              `Unsupported: expressions refer to "LINEAR", which is no id of a query`,
		"IF(a)":                        "Unsupported: 1 arguments of function IF",
		"a % 2":                        `Unsupported: operator "%"`,
		"not a":                        `Unsupported: operator "not"`,
		"a ? 1 : 2":                    `Unsupported: "a ? 1 : 2" in an expression`,
		"[a, b]":                       `Unsupported: "[a, b]" in an expression`,
	} {
		_, err := sheetOf(map[string]string{"e": expression}).result("e")
		assert.EqualError(t, err, want)
	}
	long := make([]byte, maxExpression+1)
	_, err := sheetOf(map[string]string{"e": string(long)}).result("e")
	assert.EqualError(t, err, "Unsupported: an expression of 2049 bytes")
}

func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"CEIL(a / b - 0.5)", "IF(a > 1 AND b, FILL(a, REPEAT), MAX([a, b]))", "e", "a ^ -b", "SUM([])", "-(-(a))", "{a: 1}",
		"map(a, # + 1)", "let x = a; x", "a | b", "a..b", "\"", "a?.b[1:2]", "1e999 * a", "0x1F + 1_000",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		got, err := sheetOf(map[string]string{"e": expression}).result("e")
		if err != nil {
			var refusal *unsupported
			require.ErrorAs(t, err, &refusal)
			return
		}
		if got.series != nil {
			require.Len(t, got.series, 4)
		}
		for slot := range 4 {
			require.False(t, math.IsInf(got.at(slot), 0), "slot %d", slot)
		}
	})
}

package alarms

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timestamp is how CloudWatch writes times into JSON.
const timestamp = "2006-01-02T15:04:05.000-0700"

// javaNumber is a number that is written as Java does, which CloudWatch uses: 5.0, 1.5E10.
type javaNumber float64

// String is at least one digit after the point, and an exponent from ten million on and below a thousandth.
func (n javaNumber) String() string {
	if size := math.Abs(float64(n)); size != 0 && (size < 1e-3 || size >= 1e7) {
		digits, exponent, _ := strings.Cut(strconv.FormatFloat(float64(n), 'e', -1, 64), "e")
		if !strings.Contains(digits, ".") {
			digits += ".0"
		}
		sign := strings.TrimSuffix(exponent[:1], "+")
		return digits + "E" + sign + strings.TrimLeft(exponent[1:], "0")
	}
	digits := strconv.FormatFloat(float64(n), 'f', -1, 64)
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	return digits
}

// MarshalJSON is the same as String.
func (n javaNumber) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// evaluatedPoint is a data point in reasonData.
type evaluatedPoint struct {
	Timestamp   string      `json:"timestamp"`
	SampleCount *javaNumber `json:"sampleCount,omitempty"`
	Value       *javaNumber `json:"value,omitempty"`
}

// reasonData is the explanation for programs.
type reasonData struct {
	Version          string           `json:"version"`
	QueryDate        string           `json:"queryDate"`
	StartDate        string           `json:"startDate,omitempty"`
	Unit             string           `json:"unit,omitempty"`
	Statistic        string           `json:"statistic,omitempty"`
	Period           int              `json:"period"`
	RecentDatapoints []javaNumber     `json:"recentDatapoints"`
	Threshold        javaNumber       `json:"threshold"`
	Evaluated        []evaluatedPoint `json:"evaluatedDatapoints"`
}

// data is the explanation as JSON.
func (e explanation) data(now time.Time) string {
	d := reasonData{
		Version: "1.0", QueryDate: now.UTC().Format(timestamp), Unit: e.rule.unit, Statistic: e.rule.statistic,
		Period: int(e.rule.period / time.Second), RecentDatapoints: []javaNumber{}, Threshold: javaNumber(e.rule.threshold),
	}
	for _, i := range e.verdict.used {
		point := e.newest[i]
		d.StartDate = point.start.Format(timestamp)
		value, samples := javaNumber(point.value), javaNumber(point.samples)
		evaluated := evaluatedPoint{Timestamp: d.StartDate, Value: &value}
		if samples > 0 {
			evaluated.SampleCount = &samples
		}
		d.Evaluated = append(d.Evaluated, evaluated)
		d.RecentDatapoints = append(d.RecentDatapoints, value)
	}
	slices.Reverse(d.RecentDatapoints)
	if len(e.verdict.used) == 0 {
		for _, point := range e.newest[:e.rule.evaluated] {
			d.Evaluated = append(d.Evaluated, evaluatedPoint{Timestamp: point.start.Format(timestamp)})
		}
	}
	// There is nothing in it that JSON cannot hold.
	text, _ := json.Marshal(d)
	return string(text)
}

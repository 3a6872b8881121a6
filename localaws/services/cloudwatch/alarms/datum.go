package alarms

import (
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// frame is an evaluation range, cut into periods.
type frame struct {
	end    time.Time
	period time.Duration
	slots  int
}

// start is when a period begins; the oldest is number 0.
func (f frame) start(slot int) time.Time { return f.end.Add(-time.Duration(f.slots-slot) * f.period) }

// datum is the data point of a period.
type datum struct {
	start time.Time
	// value is NaN when there is no data point.
	value float64
	// samples is the number of values behind it; 0 when it is not known.
	samples float64
}

func (d datum) missing() bool { return math.IsNaN(d.value) }

var statistics = map[string]func(metrics.Point) float64{
	string(types.StatisticSum):         func(p metrics.Point) float64 { return p.Sum },
	string(types.StatisticAverage):     func(p metrics.Point) float64 { return p.Sum / p.Count },
	string(types.StatisticMinimum):     func(p metrics.Point) float64 { return p.Min },
	string(types.StatisticMaximum):     func(p metrics.Point) float64 { return p.Max },
	string(types.StatisticSampleCount): func(p metrics.Point) float64 { return p.Count },
}

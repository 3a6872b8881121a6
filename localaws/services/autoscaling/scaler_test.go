package autoscaling_test

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"sagehost/localaws/services/autoscaling"
)

// scaler stands for what SageMaker can scale: the variants v and w of the endpoints e and a.
type scaler struct {
	mu sync.Mutex
	// capacity is by endpoint, variant and dimension.
	capacity map[[3]string]int64
	// initial is what a variant has before it is scaled.
	initial int64
	busy    bool
	refusal error
	// scaled are the capacities that were set, in order.
	scaled []int64
	// called is called in the midst of each call.
	called func()
}

func (s *scaler) Capacity(_, endpoint, variant, dimension string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.called != nil {
		s.called()
	}
	current, known := s.capacity[[3]string{endpoint, variant, dimension}]
	if !known {
		current = s.initial
	}
	return current, !s.busy
}

func (s *scaler) Scale(_, endpoint, variant, dimension string, desired int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return s.refusal
	}
	if s.capacity == nil {
		s.capacity = map[[3]string]int64{}
	}
	s.capacity[[3]string{endpoint, variant, dimension}] = desired
	s.scaled = append(s.scaled, desired)
	return nil
}

// with says that a world has a scaler.
func (s *scaler) with(o *autoscaling.Options) { o.Scaler = s }

// watch records what the fake asks of CloudWatch.
type watch struct {
	mu      sync.Mutex
	alarms  map[string]*cloudwatch.PutMetricAlarmInput
	regions []string
	down    bool
	// called is called in the midst of each alarm that is put.
	called func()
}

var errDown = errors.New("down")

func (w *watch) PutMetricAlarm(
	_ context.Context, in *cloudwatch.PutMetricAlarmInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.PutMetricAlarmOutput, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return nil, errDown
	}
	if w.called != nil {
		w.called()
	}
	w.alarms[*in.AlarmName] = in
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

func (w *watch) DeleteAlarms(
	_ context.Context, in *cloudwatch.DeleteAlarmsInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DeleteAlarmsOutput, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return nil, errDown
	}
	for _, name := range in.AlarmNames {
		delete(w.alarms, name)
	}
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

// with says that a world has this CloudWatch.
func (w *watch) with(o *autoscaling.Options) {
	w.alarms = map[string]*cloudwatch.PutMetricAlarmInput{}
	o.CloudWatch = func(region string) autoscaling.CloudWatch {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !slices.Contains(w.regions, region) {
			w.regions = append(w.regions, region)
		}
		return w
	}
}

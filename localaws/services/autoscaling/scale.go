package autoscaling

import (
	"errors"
	"fmt"

	"sagehost/localaws/protocol/awsjson"
)

// Scaler is what the fake changes at SageMaker. It is called without the fake's lock, so it may call back.
type Scaler interface {
	// Capacity is what a variant is set to in a dimension. Ok is false when there is no such variant, or its endpoint is
	// changing, so that it cannot be scaled now.
	Capacity(region, endpoint, variant, dimension string) (desired int64, ok bool)
	// Scale sets it.
	Scale(region, endpoint, variant, dimension string, desired int64) error
}

// capacity asks what a target is set to. The lock is not held, but scaling is.
func (f *Fake) capacity(k key) (current int64, ok bool) {
	endpoint, variant, ok := parseVariant(k.Resource)
	if f.options.Scaler == nil || !ok {
		return 0, false
	}
	return f.options.Scaler.Capacity(k.Region, endpoint, variant, k.Dimension)
}

// scale sets what a target is set to and notes the activity. The lock is not held, but scaling is.
func (f *Fake) scale(k key, desired int64, cause string) error {
	endpoint, variant, _ := parseVariant(k.Resource)
	began := f.options.Clock()
	err := f.options.Scaler.Scale(k.Region, endpoint, variant, k.Dimension, desired)
	what := fmt.Sprintf("%s to %d", find(k.Dimension).quantity, desired)
	f.mu.Lock()
	defer f.mu.Unlock()
	a := activity{
		Key: k, Cause: cause, Description: "Setting " + what + ".", Start: began,
		Message: "Successfully set " + what + ". Change successfully fulfilled by " + namespace + ".",
	}
	if err != nil {
		a.Failed, a.Message = true, "Failed to set "+what+". Reason: "+reason(err)
	}
	f.note(a)
	f.saveOrLog()
	return err
}

// reason is an error as activities tell it: without its code.
func reason(err error) string {
	if told, ok := errors.AsType[*awsjson.Error](err); ok {
		return told.Message
	}
	return err.Error()
}

// meetBounds scales a target whose bounds were set to the bound that its capacity is beyond. What cannot be scaled now
// is left to Run. Scaling is held.
func (f *Fake) meetBounds(k key) {
	current, ok := f.capacity(k)
	if !ok {
		return
	}
	f.mu.Lock()
	t := f.targets[k]
	if t == nil || !t.Unmet {
		f.mu.Unlock()
		return
	}
	t.Unmet = false
	desired := min(max(current, t.Min), t.Max)
	f.saveOrLog()
	f.mu.Unlock()
	cause := "minimum capacity was set to %d"
	switch {
	case desired == current:
		return
	case desired < current:
		cause = "maximum capacity was set to %d"
	}
	if err := f.scale(k, desired, fmt.Sprintf(cause, desired)); err != nil {
		f.logf("%s: %v", k, err)
	}
}

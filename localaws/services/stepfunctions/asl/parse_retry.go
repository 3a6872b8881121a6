package asl

import (
	"encoding/json"
	"slices"
	"time"
)

// errorNames reads ErrorEquals. States.ALL must be alone, and in the last of the list.
func errorNames(o object, last bool) []string {
	const field = "ErrorEquals"
	o.require(field)
	values, ok := fieldOf[[]any](o, field, "Array")
	if ok && len(values) == 0 {
		o.fault(field, "Value cannot be empty")
	}
	var names []string
	for i, value := range values {
		name, isText := value.(string)
		if !isText {
			o.fault(field+"["+itoa(i)+"]", "Expected value of type String")
			continue
		}
		names = append(names, name)
	}
	if slices.Contains(names, anyError) && (len(names) > 1 || !last) {
		o.fault(field, "States.ALL must appear alone, and only in the last element of the list")
	}
	return names
}

func (s *state) parseRetriers(o object) {
	list := o.list("Retry")
	for i, r := range list {
		r.allow(retryFields)
		parsed := retrier{
			errors:   errorNames(r, i == len(list)-1),
			interval: seconds(r.integer("IntervalSeconds", 1, maxAttempts, int64(defaultInterval/time.Second))),
			attempts: int(r.integer("MaxAttempts", 0, maxAttempts, defaultAttempts)),
			most:     seconds(r.integer("MaxDelaySeconds", 1, maxInterval-1, 0)),
			backoff:  defaultBackoff,
		}
		if number, given := fieldOf[json.Number](r, "BackoffRate", "Float"); given {
			rate, err := number.Float64()
			if err != nil || rate < 1 {
				r.fault("BackoffRate", "Value must be a number that is not less than 1.0")
			}
			parsed.backoff = rate
		}
		switch strategy := r.text("JitterStrategy"); {
		case strategy == "FULL":
			parsed.jitter = true
		case r.has("JitterStrategy") && strategy != "NONE":
			r.fault("JitterStrategy", "The field 'JitterStrategy' should have one of these values: [FULL, NONE]")
		}
		s.retriers = append(s.retriers, parsed)
	}
}

func (s *state) parseCatchers(o object) {
	list := o.list("Catch")
	for i, c := range list {
		c.allow(catchFields)
		c.require("Next")
		s.catchers = append(s.catchers, catcher{
			errors: errorNames(c, i == len(list)-1), next: c.text("Next"), result: c.result(),
		})
	}
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

package asl

import (
	"encoding/json"
	"strconv"
	"time"
)

// wait is how long a Wait state waits. One member of it counts.
type wait struct {
	span          time.Duration
	spanPath      *path
	until         time.Time
	untilPath     *path
	isMoment      bool
	isInputMoment bool
}

func parseWait(o object) wait {
	o.oneOf(false, "Seconds", "SecondsPath", "Timestamp", "TimestampPath")
	w := wait{
		span:     seconds(o.integer("Seconds", 0, int64(maxTimeout/time.Second), 0)),
		spanPath: o.path("SecondsPath"), untilPath: o.path("TimestampPath"),
		isMoment: o.has("Timestamp"), isInputMoment: o.has("TimestampPath"),
	}
	if text := o.text("Timestamp"); w.isMoment {
		moment, ok := timeOf(text)
		if !ok {
			o.fault("Timestamp", "Value must be an ISO-8601 extended offset date-time format string")
		}
		w.until = moment
	}
	return w
}

// end is when the wait ends, or what is wrong with the input, in AWS's words.
func (w wait) end(in scope, now time.Time) (end time.Time, problem string) {
	switch {
	case w.isMoment:
		return w.until, ""
	case w.isInputMoment:
		value, found := w.untilPath.find(in)
		moment, ok := timeOf(value)
		if !found || !ok {
			return end, "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format " +
				"string: " + w.untilPath.text + " == " + shown(value)
		}
		return moment, ""
	case w.spanPath == nil:
		return now.Add(w.span), ""
	}
	value, found := w.spanPath.find(in)
	if !found {
		return end, "The SecondsPath parameter does not reference an input value: " + w.spanPath.text
	}
	number, _ := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 64)
	switch shownAs := w.spanPath.text + " == " + shown(value); {
	case err != nil:
		return end, "The SecondsPath parameter cannot be parsed as a long value: " + shownAs
	case n < 0:
		return end, "The SecondsPath parameter references a negative value: " + shownAs
	case n > int64(maxTimeout/time.Second):
		return end, "Wait state delay is too long."
	}
	return now.Add(seconds(n)), ""
}

// failure is the error of a Fail state: written out, or computed.
type failure struct {
	name, cause         string
	nameFrom, causeFrom expression
}

func parseFailure(o object) failure {
	o.oneOf(true, "Error", "ErrorPath")
	o.oneOf(true, "Cause", "CausePath")
	return failure{
		name: o.text("Error"), cause: o.text("Cause"),
		nameFrom: o.expression("ErrorPath"), causeFrom: o.expression("CausePath"),
	}
}

// expression is a path or a call of an intrinsic function; nil when there is none.
func (o object) expression(field string) expression {
	text, ok := fieldOf[string](o, field, "String")
	if !ok {
		return nil
	}
	e, err := parseExpression(text)
	if err != nil {
		o.fault(field, "%s", invalidExpression(field))
		return nil
	}
	return e
}

// of is the error that a Fail state fails with.
func (f failure) of(in scope) *Error {
	result := &Error{Name: f.name, Cause: f.cause}
	for _, part := range []struct {
		field string
		from  expression
		into  *string
	}{{"ErrorPath", f.nameFrom, &result.Name}, {"CausePath", f.causeFrom, &result.Cause}} {
		if part.from == nil {
			continue
		}
		value, err := part.from.eval(in, part.field)
		if err != nil {
			return err
		}
		text, ok := value.(string)
		if !ok {
			return &Error{Name: runtimeError, Cause: "The value of the field '" + part.field + "' must be a string"}
		}
		*part.into = text
	}
	return result
}

package cron

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Service is one of the services of AWS that take schedule expressions. Their cron expressions are the same; the rest
// is not.
type Service struct {
	name string
	// longest is how many characters an expression has at most (service models).
	longest int
	// once says that at expressions are known.
	once bool
	// rate is how a rate is written: its number, its unit without an "s", and the "s".
	rate *regexp.Regexp
	// agrees says that the unit is in the singular for 1, and in the plural for every other number.
	agrees bool
}

var (
	// ApplicationAutoScaling reads the schedules of scheduled actions (API reference, PutScheduledAction). The message
	// with which it refuses others is the source for what it takes for a rate: singular and plural for any number, and
	// no space if you like.
	ApplicationAutoScaling = Service{
		name: "Application Auto Scaling", longest: 1600, once: true,
		rate: regexp.MustCompile(`^rate\((\d+)\s?(minute|hour|day)(s?)\)$`),
	}
	// Scheduler is Amazon EventBridge Scheduler (user guide, "Schedule types", which writes "rate(1 days)"; API
	// reference, CreateSchedule, which has the singular, too).
	Scheduler = Service{
		name: "EventBridge Scheduler", longest: 256, once: true,
		rate: regexp.MustCompile(`^rate\((\d+) (minute|hour|day)(s?)\)$`),
	}
	// Rules are scheduled rules of Amazon EventBridge (user guide, "Rate expressions reference": singular for 1 and plural
	// otherwise). They are in UTC, and for no single time.
	Rules = Service{
		name: "EventBridge", longest: 256, agrees: true,
		rate: regexp.MustCompile(`^rate\((\d+) (minute|hour|day)(s?)\)$`),
	}
)

// Since is when this version came out. What was due for the last time before can never be meant, whenever it is looked
// at; whether a later time is over depends on the clock, on which a plan must not depend.
var Since = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)

// never is after all times that expressions can name.
var never = time.Date(10000, time.January, 2, 0, 0, 0, 0, time.UTC)

// ErrSyntax is returned for an expression that is of none of the kinds that a service knows.
var ErrSyntax = errors.New("expected")

// syntax says what kinds there are.
func (s Service) syntax() error {
	kinds := "cron(minute hour day-of-month month day-of-week year) or rate(value unit), such as rate(5 minutes)"
	if s.once {
		kinds = "cron(minute hour day-of-month month day-of-week year), rate(value unit) or at(yyyy-mm-ddThh:mm:ss)"
	}
	return fmt.Errorf("%w %s", ErrSyntax, kinds)
}

// Check reports what is wrong with a new schedule: what Parse refuses, and what is over already.
func (s Service) Check(expression string, zone *time.Location) error {
	schedule, err := s.Parse(expression, Options{Zone: zone, Start: Since})
	if err != nil {
		return err
	}
	if _, due := schedule.Oldest(Since.Add(-1), never); !due && !schedule.late {
		return fmt.Errorf("it is over: no time from %s on matches it", Since.Format(time.DateOnly))
	}
	return nil
}

// Parse reads an expression. The error is ErrSyntax, or says which part of it is wrong.
func (s Service) Parse(expression string, options Options) (Schedule, error) {
	if options.Zone == nil {
		options.Zone = time.UTC
	}
	if n := utf8.RuneCountInString(expression); n > s.longest {
		return Schedule{}, fmt.Errorf("it has %d characters; %s takes at most %d", n, s.name, s.longest)
	}
	if parts := atForm.FindStringSubmatch(expression); parts != nil && s.once {
		return at(parts[1], options.Zone)
	}
	if parts := s.rate.FindStringSubmatch(expression); parts != nil {
		if s.agrees && (strings.TrimLeft(parts[1], "0") == "1") == (parts[3] == "s") {
			return Schedule{}, fmt.Errorf("the unit is singular for 1 and plural otherwise; did you mean %q?",
				inNumber(parts[1], parts[2]))
		}
		return rate(parts[1], units[parts[2]], options.Start)
	}
	if parts := cronForm.FindStringSubmatch(expression); parts != nil {
		return fieldsOf(parts[1], options)
	}
	return Schedule{}, s.syntax()
}

// inNumber is a rate with its unit in the number that its value demands.
func inNumber(value, unit string) string {
	if strings.TrimLeft(value, "0") != "1" {
		unit += "s"
	}
	return fmt.Sprintf("rate(%s %s)", value, unit)
}

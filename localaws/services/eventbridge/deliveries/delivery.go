// Package deliveries hands what schedules and rules come to over to their targets, and tries again what fails.
package deliveries

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
)

// Kind is what makes deliveries.
type Kind string

// The makers of deliveries.
const (
	Schedule Kind = "schedule"
	Rule     Kind = "rule"
)

// Defaults of a retry policy (RetryPolicy, both of EventBridge and of EventBridge Scheduler).
const (
	DefaultMaxAge     = 24 * time.Hour
	DefaultMaxRetries = 185
)

// Delivery is one message for one target.
type Delivery struct {
	// ID is unique. It names the execution that a state machine starts.
	ID   string
	Kind Kind
	// Maker is the name of the rule, or the group and the name of the schedule.
	Maker string
	// Dimension is what metrics are told apart by: the rule or the group of the schedule.
	Dimension string
	// Region is the maker's.
	Region    string
	TargetARN string
	Input     string
	// AttemptMark stands in the input for the number of the attempt; empty when nothing does.
	AttemptMark string
	// MessageGroup is for queues that keep an order.
	MessageGroup string
	// Made is when the schedule was due or the event matched. The target is tried for MaxAge after it.
	Made   time.Time
	MaxAge time.Duration
	// MaxRetries is how often it is tried after the first time.
	MaxRetries int

	// Attempts is how often it was tried.
	Attempts int
	// Next is when to try again.
	Next time.Time
}

// NewUUID is a random UUID of version 4.
func NewUUID() string {
	var b [16]byte
	// crypto/rand.Read never fails.
	_, _ = rand.Read(b[:])
	return uuid(b)
}

// UUIDOf is the UUID that stands for some words, always the same one.
func UUIDOf(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return uuid([16]byte(sum[:16]))
}

func uuid(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ID is an ID as EventBridge names the executions that it starts: two UUIDs.
func ID(first, second string) string { return first + "_" + second }

// region is where the target is.
func (d Delivery) region() string { return arnPart(d.TargetARN, 3) }

// arnPart is one of the six parts of an ARN; empty when it is none.
func arnPart(arn string, n int) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[n]
}

// input is what the target gets at the attempt under way.
func (d Delivery) input() string {
	if d.AttemptMark == "" {
		return d.Input
	}
	return strings.ReplaceAll(d.Input, d.AttemptMark, strconv.Itoa(d.Attempts))
}

// Bounds of the time between two attempts. AWS says only that it grows.
const (
	firstPause   = time.Second
	longestPause = 10 * time.Minute
)

// retry plans the next attempt; false when there is none.
func (d *Delivery) retry(now time.Time) bool {
	pause := longestPause
	if d.Attempts < 10 {
		pause = min(firstPause<<(d.Attempts-1), longestPause)
	}
	d.Next = now.Add(pause)
	return d.Attempts <= d.MaxRetries && !d.Next.After(d.Made.Add(d.MaxAge))
}

// outcome is what an attempt came to.
type outcome int

const (
	delivered outcome = iota
	toRetry
	givenUp
)

// counted is the metrics that count an attempt (guides of EventBridge and EventBridge Scheduler, "Monitoring").
var counted = map[Kind]map[outcome][]string{
	Schedule: {
		delivered: {"InvocationAttemptCount"},
		toRetry:   {"InvocationAttemptCount", "TargetErrorCount"},
		givenUp:   {"InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount"},
	},
	Rule: {
		delivered: {"Invocations"},
		givenUp:   {"Invocations", "FailedInvocations"},
	},
}

// count adds to the metrics of the maker.
func (d Delivery) count(sink metrics.Sink, o outcome) {
	namespace, dimension := metrics.Schedules, "ScheduleGroup"
	if d.Kind == Rule {
		namespace, dimension = metrics.Rules, "RuleName"
	}
	for _, name := range counted[d.Kind][o] {
		sink.Add(metrics.Metric{
			Region: d.Region, Namespace: namespace, Name: name, Unit: metrics.Count,
			Dimensions: metrics.By(dimension, d.Dimension),
		}, 1)
	}
}

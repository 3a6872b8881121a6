package stepfunctions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/stepfunctions/asl"
)

// Logs is where state machines log to.
type Logs interface {
	// Write adds lines to a stream, which it makes if it has to.
	Write(ctx context.Context, region, group, stream string, lines []Line) error
}

// Line is one event of a log.
type Line struct {
	At   time.Time
	Text string
}

// ending are the ends of the types of events that levels below ALL are about.
var ending = []string{"Failed", "TimedOut", "Aborted"}

// logs reports whether a level logs events of a type.
func logs(level, kind string) bool {
	ends := slices.ContainsFunc(ending, func(end string) bool { return strings.HasSuffix(kind, end) })
	switch level {
	case "ALL":
		return true
	case "ERROR":
		return ends || kind == "FailStateEntered"
	case "FATAL":
		return ends && strings.HasPrefix(kind, "Execution")
	default:
		return false
	}
}

// lines are the events of an execution that its state machine logs, as AWS Step Functions writes them.
func (e *execution) lines() []Line {
	logging := e.Revision.Logging
	var lines []Line
	for i, entry := range e.Events {
		if !logs(logging.Text("level"), entry.Type) {
			continue
		}
		details := maps.Clone(entry.Details)
		if !logging.Flag("includeExecutionData") {
			for _, name := range []string{"input", "inputDetails", "output", "outputDetails", "parameters"} {
				delete(details, name)
			}
		}
		lines = append(lines, Line{entry.At, asl.Encode(awsjson.Object{
			"id": strconv.Itoa(i + 1), "type": entry.Type, "details": details,
			"previous_event_id": strconv.FormatInt(entry.Previous, 10),
			"event_timestamp":   strconv.FormatInt(entry.At.UnixMilli(), 10),
			"execution_arn":     e.arn(), "redrive_count": "0",
		})})
	}
	return lines
}

// log writes what is to be logged of an execution that has ended. The lock is held; the writing does not wait for it.
func (f *Fake) log(e *execution) {
	lines := e.lines()
	if len(lines) == 0 {
		return
	}
	destination := e.Revision.Logging.Objects("destinations")[0]
	group := strings.Split(destination.Object("cloudWatchLogsLogGroup").Text("logGroupArn"), ":")[6]
	sum := sha256.Sum256([]byte(e.arn()))
	stream := fmt.Sprintf("states/%s/%s/%s", e.Machine, e.Started.UTC().Format("2006-01-02-15-04"),
		hex.EncodeToString(sum[:4]))
	f.running.Go(func() {
		// Executions that were stopped by the end of the process have not ended.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(f.context), logPatience)
		defer cancel()
		if err := f.options.Logs.Write(ctx, e.Region, group, stream, lines); err != nil {
			f.logged(fmt.Errorf("log of %s: %w", e.arn(), err))
		}
	})
}

// logPatience is how long writing a log may take, in the world's time.
const logPatience = 10 * time.Second

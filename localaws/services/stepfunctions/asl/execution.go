package asl

import (
	"time"

	"sagehost/localaws/world/clock"
)

// Execution is one run of a machine.
type Execution struct {
	Machine *Machine
	Clock   *clock.Clock
	Journal Journal
	Region  string
	// RoleARN is the role of the state machine.
	RoleARN string
	// Context is the members of the context object that do not change, such as "Execution" and "StateMachine".
	Context map[string]any
	// Started is when the execution began; its time limit counts from then.
	Started time.Time
}

// Journal is where an execution notes what it does. An error ends it where it is, without an outcome.
type Journal interface {
	// Record adds an event to the history and returns its id.
	Record(event Event) (int64, error)
	// Keep notes where the execution is. It is called before anything that takes time.
	Keep(at Position) error
}

// Event is an entry of an execution's history.
type Event struct {
	// Type is one of AWS's, such as "TaskScheduled".
	Type string
	// Details are the members that come with events of this type.
	Details map[string]any
	// Apart says that the event follows from no other.
	Apart bool
}

// Position is where an execution is. Its JSON form can be kept, and gone on with.
type Position struct {
	State string
	Input any
	// First says that no state was entered before.
	First bool
	// Entered is when the state was entered; zero when it has not been yet. EnteredID is the id of that event.
	Entered   time.Time
	EnteredID int64
	// Attempts counts, for each retrier of the state, how often it let a task be tried again.
	Attempts []int
	// Until is when a Wait state, or the pause before a task is tried again, ends.
	Until time.Time
	// Scheduled is when the attempt of a task that is under way began, and Begun what it has begun.
	Scheduled time.Time
	Begun     any
}

// Start is the position of an execution that has not begun.
func (m *Machine) Start(input any) Position {
	return Position{State: m.startAt, Input: input, First: true}
}

// Status is how an execution ended, as AWS names it.
type Status string

// Statuses of executions that have ended by themselves.
const (
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
)

// Outcome is what an execution came to.
type Outcome struct {
	Status Status
	// Output is that of an execution that has succeeded.
	Output any
	// Error is that of one that has failed.
	Error *Error
}

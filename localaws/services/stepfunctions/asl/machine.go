// Package asl reads and runs definitions of workflows in the Amazon States Language with JSONPath: the states Task,
// Pass, Choice, Wait, Succeed and Fail. What it does not know is refused when a definition is read, in AWS's words.
package asl

import (
	"cmp"
	"time"
)

// maxTimeout is what a task may take when its state does not say, by the documentation of AWS Step Functions.
const maxTimeout = 99999999 * time.Second

// Machine is a definition that was read.
type Machine struct {
	startAt string
	// timeout bounds an execution; 0 does not.
	timeout time.Duration
	states  map[string]*state
}

// Types of states.
const (
	taskType    = "Task"
	passType    = "Pass"
	choiceType  = "Choice"
	waitType    = "Wait"
	succeedType = "Succeed"
	failType    = "Fail"
)

// state is one state of a machine. Which members count depends on the type.
type state struct {
	name, kind string
	// next is empty at the end.
	next string

	input, output dataPath
	// parameters and selector are nil when the state has none.
	parameters, selector *template
	result               resultPath
	retriers             []retrier
	catchers             []catcher

	// literal is the Result of a Pass state.
	literal    any
	hasLiteral bool

	choices  []choice
	fallback string

	wait wait

	failure failure

	resource    string
	integration Integration
	timeout     limit
}

// limit is the time that a task may take: fixed, or where the input says.
type limit struct {
	fixed time.Duration
	path  *path
}

// terminal reports whether an execution can end with the state.
func (s *state) terminal() bool {
	return s.kind == succeedType || s.kind == failType || (s.kind != choiceType && s.next == "")
}

// transition is a way out of a state, with the place where the definition says so.
type transition struct{ to, location string }

// transitions are the ways out of a state, in the order of the definition.
func (s *state) transitions(location string) []transition {
	var list []transition
	add := func(to, field string) {
		if to != "" {
			list = append(list, transition{to, location + field})
		}
	}
	add(s.next, "/Next")
	for i, c := range s.choices {
		add(c.next, "/Choices["+itoa(i)+"]/Next")
	}
	add(s.fallback, "/Default")
	for i, c := range s.catchers {
		add(c.next, "/Catch["+itoa(i)+"]/Next")
	}
	return list
}

// limitOr is the fixed limit, or the longest there is.
func (l limit) limitOr() time.Duration { return cmp.Or(l.fixed, maxTimeout) }

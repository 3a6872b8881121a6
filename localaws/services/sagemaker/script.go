package sagemaker

import (
	"strings"
	"time"
)

// step is a change of an endpoint that can be made to fail.
type step string

const (
	nextCreate step = "next-create"
	nextUpdate step = "next-update"
)

// outcome is how a change is made to end.
type outcome string

const (
	// outcomeFail ends a creation as Failed.
	outcomeFail outcome = "fail"
	// outcomeRollback ends an update by rolling it back.
	outcomeRollback outcome = "rollback"
	// outcomeUnchanged ends an update on the old configuration, without a status that says so.
	outcomeUnchanged outcome = "unchanged"
	// outcomeStuck ends an update as UpdateRollbackFailed.
	outcomeStuck outcome = "rollback-fails"
	// outcomeCapacity fails for want of instances.
	outcomeCapacity outcome = "capacity"
	// outcomeSlow succeeds, but takes longer to provision.
	outcomeSlow outcome = "slow"
)

// outcomes are those that each step can have.
var outcomes = map[step][]outcome{
	nextCreate: {outcomeFail, outcomeCapacity, outcomeSlow},
	nextUpdate: {outcomeRollback, outcomeUnchanged, outcomeStuck, outcomeCapacity, outcomeSlow},
}

// noCapacity is the reason that SageMaker gives for want of instances.
const noCapacity = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. " +
	"Please retry using a different ML instance type or after some time."

// occasion is a step of an endpoint, whose name is in lower case.
type occasion struct {
	step     step
	endpoint string
}

// script is how a step is to end.
type script struct {
	Outcome outcome `json:"outcome"`
	// Reason is why, for outcomes that are failures.
	Reason string `json:"reason"`
	// Delay is how much longer than usual it takes, such as "90s".
	Delay string `json:"delay"`
}

// delay is how much longer a step takes. The request that set it has checked it.
func (s script) delay() time.Duration {
	span, err := time.ParseDuration(s.Delay)
	if err != nil {
		return 0
	}
	return span
}

// FailNextCreate makes the next CreateEndpoint of a name end as Failed, for a reason.
func (f *Fake) FailNextCreate(region, endpoint, reason string) {
	f.setScript(region, endpoint, nextCreate, script{Outcome: outcomeFail, Reason: reason})
}

// RollBackNextUpdate makes the next UpdateEndpoint of an endpoint roll back, for a reason.
func (f *Fake) RollBackNextUpdate(region, endpoint, reason string) {
	f.setScript(region, endpoint, nextUpdate, script{Outcome: outcomeRollback, Reason: reason})
}

func (f *Fake) setScript(region, endpoint string, next step, s script) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.region(region).scripts[occasion{next, strings.ToLower(endpoint)}] = s
}

// takeScript uses up what was asked for a step; it is empty when nothing was.
func (c call) takeScript(next step, endpoint string) script {
	o := occasion{next, strings.ToLower(endpoint)}
	s := c.scripts[o]
	delete(c.scripts, o)
	return s
}

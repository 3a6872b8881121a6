package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Folders beneath the one of a batch in the stack's bucket, which is called like its state machine.
const (
	inputFolder      = "input/"
	evaluationFolder = "evaluation/"
	runsFolder       = "runs/"
)

// Names of what a run writes beside its predictions.
const (
	incompleteMark = "_INCOMPLETE"
	successMark    = "_SUCCESS"
	manifestName   = "manifest.json"
	outputFolder   = "output/"
)

// InputPrefix is where in the stack's bucket the batch of this name finds its input unless it is told otherwise.
func InputPrefix(name string) string { return name + "/" + inputFolder }

// EvaluationPrefix is where in the stack's bucket held-out data is put for the batch of this name to predict.
func EvaluationPrefix(name string) string { return name + "/" + evaluationFolder }

// RunsPrefix is where in the stack's bucket each run of the batch of this name has a folder of its own.
func RunsPrefix(name string) string { return name + "/" + runsFolder }

// Limits of names: of roles in IAM less what Pulumi appends, of schedules and rules in Amazon EventBridge, and of state
// machines (API references of CreateRole, CreateSchedule, PutRule and CreateStateMachine).
const (
	maxKey          = 64 - len("-0123abc") - len(startSuffix)
	maxTriggerName  = 64
	maxStateMachine = 80
	// startSuffix and runSuffix end the logical names of the roles that start runs and that run them: models have roles of
	// their name, too.
	startSuffix = ".start"
	runSuffix   = ".run"
)

// batchName is what state machine, jobs, schedules and rules may be called alike.
var batchName = regexp.MustCompile(`^[a-zA-Z0-9](-*[a-zA-Z0-9])*$`)

// CheckLogicalName reports a component's name that leaves no room for what is appended to it.
func CheckLogicalName(at check.At, name string) {
	switch {
	case len(name) > maxKey:
		at.Addf("the name has %d characters; at most %d leave room for the generated suffix in IAM's 64", len(name), maxKey)
	case !batchName.MatchString(name):
		at.Addf("the name %q %s", name, limits.Rule("TransformJobName"))
	}
}

// checkName reports a name that Step Functions or EventBridge would refuse; one that is not known it passes over.
func (s *Spec) checkName(at check.At, name string) {
	switch n := len(name); {
	case name == "":
	case !batchName.MatchString(name):
		at.Addf("the state machine's name %q %s", name, limits.Rule("TransformJobName"))
	case n > maxStateMachine:
		at.Addf("the state machine's name %q has %d characters; at most %d are allowed", name, n, maxStateMachine)
	case n > maxTriggerName && s.Schedule != "":
		at.Addf("the schedule's name %q has %d characters; at most %d are allowed", name, n, maxTriggerName)
	case n > maxTriggerName && s.Arrivals:
		at.Addf("the rule's name %q has %d characters; at most %d are allowed", name, n, maxTriggerName)
	}
}

// ofJobs ends the pattern of jobs' names: 32 hexadecimal digits and the number of the attempt. With an asterisk alone,
// it would match the jobs of a batch, too, whose name goes on where this one's ends.
const ofJobs = "-????????????????????????????????-*"

// maxJobPrefix leaves room for two hyphens, 32 hexadecimal digits and at most 4 of the attempt's number in the 63
// characters of a transform job's name.
const maxJobPrefix = 25

// jobPrefix begins the names of the batch's jobs. SageMaker writes names in ARNs in lower case, and policies do not
// forgive the difference. Of a name that is too long, which ends in the stack's, a hash of the whole keeps the jobs of
// batches apart whose names begin alike.
func jobPrefix(name string) string {
	prefix := strings.ToLower(name)
	if len(prefix) <= maxJobPrefix {
		return prefix
	}
	sum := sha256.Sum256([]byte(prefix))
	hash := hex.EncodeToString(sum[:4])
	return strings.TrimRight(prefix[:maxJobPrefix-len("-")-len(hash)], "-") + "-" + hash
}

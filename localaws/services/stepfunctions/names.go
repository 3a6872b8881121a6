package stepfunctions

import (
	"strings"
	"unicode"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// Kinds of resources in ARNs.
const (
	machineKind   = "stateMachine"
	executionKind = "execution"
)

// checkName refuses names that AWS does not take.
func checkName(name string) error {
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
	})
	if bad {
		return awsjson.Errorf("InvalidName", "Invalid Name: '%s'", name)
	}
	return nil
}

// checkARN refuses what is not the ARN of a kind of resource.
func checkARN(text, kind string) error {
	parts := strings.Split(text, ":")
	switch {
	case parts[0] != "arn":
		return invalidARN("Invalid ARN prefix: " + text)
	case len(parts) < 7 || parts[2] != "states" || parts[3] == "":
		return invalidARN(text)
	case parts[5] != kind:
		return invalidARN("Resource type not valid in this context: " + parts[5])
	}
	return nil
}

func invalidARN(what string) error { return awsjson.Errorf("InvalidArn", "Invalid Arn: '%s'", what) }

// checkRole refuses what is not the ARN of a role.
func checkRole(text string) error {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/") {
		return awsjson.Errorf("InvalidArn", "Invalid Role Arn: '%s'", text)
	}
	return nil
}

func arnOfMachine(region, name string) string {
	return protocol.ARN("states", region, machineKind+":"+name)
}

func arnOfExecution(region, machine, name string) string {
	return protocol.ARN("states", region, executionKind+":"+machine+":"+name)
}

// machine finds the state machine that a request names.
func (c call) machine(text string) (*machine, error) {
	if err := checkARN(text, machineKind); err != nil {
		return nil, err
	}
	m := c.machines[text]
	if m == nil || m.Region != c.region {
		return nil, awsjson.Errorf("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", text)
	}
	return m, nil
}

// execution finds the execution that the request names.
func (c call) execution() (*execution, error) {
	text := c.in.Text("executionArn")
	if err := checkARN(text, executionKind); err != nil {
		return nil, err
	}
	e := c.executions[text]
	if e == nil || e.Region != c.region {
		return nil, awsjson.Errorf("ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", text)
	}
	return e, nil
}

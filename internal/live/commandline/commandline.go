// Package commandline renders the commands that messages tell a user to run. Typed as printed, a command acts where the
// one did that printed it: on the same stack, of the same cloud, at the same address.
package commandline

import (
	"regexp"
	"strconv"
	"strings"
)

// Context is what a command that is printed inherits from the one that runs.
type Context struct {
	// Program is how the user has called this program. Default: "sagehost".
	Program string
	// Stack is the stack's name.
	Stack string
	// AWS says that commands act on AWS, and not on the local AWS.
	AWS bool
	// Addr is where the local AWS listens once it is started; empty for the default address.
	Addr string
	// Endpoint is the URL of the local AWS, or the one that the environment has AWS's tools use; empty for AWS's own.
	Endpoint string
	// Region is the stack's. Version 1 of the AWS CLI does not read AWS_REGION, so commands name it.
	Region string
}

// On is the context for another stack of the same cloud.
func (c Context) On(stack string) Context {
	c.Stack = stack
	return c
}

// Sagehost is a command of this program that looks at files only, or that is for the local AWS whatever runs.
func (c Context) Sagehost(arguments ...string) string {
	program := c.Program
	if program == "" {
		program = "sagehost"
	}
	return Join(append([]string{program}, arguments...)...)
}

// OnCloud is a command of this program that acts on AWS or on the local AWS, whichever the current one does.
func (c Context) OnCloud(arguments ...string) string {
	arguments = append([]string(nil), arguments...)
	switch {
	case c.AWS:
		arguments = append(arguments, "--aws")
	case c.Addr != "":
		arguments = append(arguments, "--addr", c.Addr)
	}
	return c.Sagehost(arguments...)
}

// OnStack is a command of this program for the stack.
func (c Context) OnStack(arguments ...string) string {
	return c.OnCloud(append(append([]string(nil), arguments...), "--stack", c.Stack)...)
}

// AWSCLI is a command of the AWS CLI. The local AWS takes any credentials, but the AWS CLI does not go without.
func (c Context) AWSCLI(arguments ...string) string {
	command := []string{"aws"}
	if c.Endpoint != "" {
		command = append(command, "--endpoint-url", c.Endpoint)
	}
	if c.Region != "" {
		command = append(command, "--region", c.Region)
	}
	line := Join(append(command, arguments...)...)
	if !c.AWS {
		line = "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test " + line
	}
	return line
}

// InitStack is the Pulumi command that creates the stack in the backend that is in use.
func (c Context) InitStack() string { return Join("pulumi", "stack", "init", c.Stack) }

// Interrupt is the command that interrupts a process.
func Interrupt(pid int) string { return Join("kill", "-INT", strconv.Itoa(pid)) }

// Copy is the command that makes a file the copy of another.
func Copy(from, to string) string { return Join("cp", from, to) }

// plain are arguments that a shell takes as they are.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Join quotes arguments for a POSIX shell where that is needed.
func Join(arguments ...string) string {
	quoted := make([]string, len(arguments))
	for i, argument := range arguments {
		quoted[i] = argument
		if !plain.MatchString(argument) {
			quoted[i] = "'" + strings.ReplaceAll(argument, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// Package engine is the folder of what deploys a stack: the tools, the local AWS in the background, the stack's file
// and the Pulumi engine. It knows stacks, localaws and live, and nothing of measuring and delivery.
package engine

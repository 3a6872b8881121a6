package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"sagehost/internal/live/commandline"
	"sagehost/stacks"
)

// tense is how operations on resources are reported: as the engine calls them, and as a person would.
type tense []struct{ operation, words string }

var (
	planned = tense{{"create", "to create"}, {"update", "to update"}, {"replace", "to replace"}, {"delete", "to delete"}}
	done    = tense{{"create", "created"}, {"update", "updated"}, {"replace", "replaced"}, {"delete", "deleted"}}
)

// summary is a count of resources by operation: "3 to create, 52 unchanged".
func summary(changes map[string]int, words tense) string {
	var parts []string
	for _, word := range words {
		if n := changes[word.operation]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word.words))
		}
	}
	if len(parts) == 0 {
		return "no changes, " + english.Plural(changes["same"], "resource", "")
	}
	return strings.Join(append(parts, fmt.Sprintf("%d unchanged", changes["same"])), ", ")
}

// printOutputs writes a stack's outputs, a line each.
func printOutputs(out io.Writer, outputs map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		value, err := json.MarshalIndent(outputs[name], "  ", "  ")
		if err != nil {
			value = []byte(err.Error())
		}
		fmt.Fprintf(out, "  %s: %s\n", name, value)
	}
}

// printNext writes commands to try, ready to be copied.
func printNext(out io.Writer, outputs map[string]any, commands commandline.Context) {
	fmt.Fprintln(out, "\nNext:")
	endpoints, _ := outputs[stacks.ExportEndpoints].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(endpoints)) {
		endpoint, _ := endpoints[key].(map[string]any)
		fmt.Fprintf(out, "  %s\n", commands.AWSCLI("sagemaker", "describe-endpoint", "--endpoint-name",
			fmt.Sprint(endpoint["name"])))
		fmt.Fprintf(out, "  %s\n", commands.OnStack("smoke", key))
		break
	}
	fmt.Fprintf(out, "  %s\n", commands.Sagehost("status"))
	fmt.Fprintf(out, "  %s\n", commands.Sagehost("down"))
}

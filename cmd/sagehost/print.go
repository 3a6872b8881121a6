package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"sagehost/internal/stackfile"
	"sagehost/stacks"
)

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
func printNext(out io.Writer, file *stackfile.File, outputs map[string]any, url string) {
	fmt.Fprintln(out, "\nNext:")
	endpoints, _ := outputs[stacks.ExportEndpoints].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(endpoints)) {
		endpoint, _ := endpoints[key].(map[string]any)
		fmt.Fprintf(out, "  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url %s --region %s \\\n"+
			"    sagemaker describe-endpoint --endpoint-name %v\n", url, file.Region(), endpoint["name"])
		break
	}
	fmt.Fprintln(out, "  make status")
	fmt.Fprintln(out, "  make down")
}

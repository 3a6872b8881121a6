// Command train learns to tell three species of iris apart, and writes the model and what it was learnt from.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sagehost/examples/flowers/archive"
	"sagehost/examples/flowers/samples"
	"sagehost/examples/flowers/softmax"
	"sagehost/examples/scoring/linear"
)

func main() {
	folder := flag.String("folder", filepath.Join("examples", "flowers"), "where data/iris.csv is and the model goes")
	flag.Parse()
	if err := run(*folder, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "train: %v\n", err)
		os.Exit(1)
	}
}

// run reads data/iris.csv in a folder and writes beside it both parts of the data, the model and its archive.
func run(folder string, out io.Writer) error {
	set, err := samples.Read(filepath.Join(folder, "data", "iris.csv"))
	if err != nil {
		return err
	}
	train, heldOut := set.Split(5)
	model, err := softmax.Train(train)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(model, "", "  ")
	if err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	text = append(text, '\n')
	packed, err := archive.Pack(linear.File, text)
	if err != nil {
		return err
	}
	for _, file := range []struct {
		path    string
		content []byte
	}{
		{filepath.Join("data", "train.csv"), train.CSV("species", 1)},
		{filepath.Join("data", "held-out.csv"), heldOut.CSV("species", 1)},
		{linear.File, text},
		{"model.tar.gz", packed},
	} {
		//nolint:gosec // Everything written here is for everybody to read.
		if err := os.WriteFile(filepath.Join(folder, file.path), file.content, 0o644); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return report(out, model, train, heldOut)
}

// report prints how many rows of each part the model gets right.
func report(out io.Writer, model *linear.Model, train, heldOut samples.Set) error {
	for _, part := range []struct {
		name string
		set  samples.Set
	}{{"train", train}, {"held out", heldOut}} {
		accuracy, err := softmax.Accuracy(model, part.set)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%-8s %3d rows, accuracy %.4f\n", part.name, len(part.set.Rows), accuracy)
	}
	return nil
}

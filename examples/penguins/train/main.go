// Command train learns to tell three species of penguin apart from records with gaps, and writes how to prepare
// records, the model and what both were learnt from.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sagehost/examples/preprocess/recipe"
	"sagehost/examples/scoring/linear"
	"sagehost/examples/training/artifacts"
	"sagehost/examples/training/fit"
	"sagehost/examples/training/samples"
	"sagehost/examples/training/softmax"
)

func main() {
	folder := flag.String("folder", filepath.Join("examples", "penguins"), "where data/penguins.csv is and the models go")
	flag.Parse()
	if err := run(*folder, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "train: %v\n", err)
		os.Exit(1)
	}
}

// run reads data/penguins.csv in a folder and writes beside it both parts of the data, and for each container its model
// and the archive of it.
func run(folder string, out io.Writer) error {
	table, err := samples.Read(filepath.Join(folder, "data", "penguins.csv"), "species")
	if err != nil {
		return err
	}
	// The year is left out: it says when somebody looked, not what a penguin is.
	table, err = table.Select("island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex")
	if err != nil {
		return err
	}
	train, heldOut := table.Split(5)
	files, err := artifacts.Parts(train, heldOut)
	if err != nil {
		return err
	}
	made, err := learn(train, heldOut, out)
	if err != nil {
		return err
	}
	return artifacts.Write(folder, append(files, made...))
}

// learn makes the files for both containers, and prints how many rows of each part the pipeline gets right.
func learn(train, heldOut samples.Table, out io.Writer) ([]artifacts.File, error) {
	by, err := fit.Recipe(train, []string{"island", "sex"}, []string{"NA"})
	if err != nil {
		return nil, err
	}
	seen, err := prepare(by, train)
	if err != nil {
		return nil, err
	}
	unseen, err := prepare(by, heldOut)
	if err != nil {
		return nil, err
	}
	model, err := softmax.TrainScaled(seen)
	if err != nil {
		return nil, err
	}
	if err := softmax.Report(out, "penguins", model, seen, unseen); err != nil {
		return nil, err
	}
	first, err := artifacts.Model(by, "preprocess/"+recipe.File, "preprocess.tar.gz")
	if err != nil {
		return nil, err
	}
	second, err := artifacts.Model(model, "scoring/"+linear.File, "scoring.tar.gz")
	return append(first, second...), err
}

// prepare makes rows of records as the container does.
func prepare(by *recipe.Recipe, table samples.Table) (samples.Set, error) {
	rows, err := by.Rows(table.Rows)
	return samples.Set{Features: by.Features(), Rows: rows, Labels: table.Labels}, err
}

// Command train learns to tell three species of iris apart, and writes the models and what they were learnt from.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sagehost/examples/scoring/linear"
	"sagehost/examples/training/artifacts"
	"sagehost/examples/training/samples"
	"sagehost/examples/training/softmax"
)

func main() {
	folder := flag.String("folder", filepath.Join("examples", "flowers"), "where data/iris.csv is and the models go")
	flag.Parse()
	if err := run(*folder, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "train: %v\n", err)
		os.Exit(1)
	}
}

// model is what is learnt from some of the columns.
type model struct {
	name    string
	columns []string
	// folder, below the one of the data, gets the model; beside it goes the archive.
	folder, archive string
}

// models are the one of all columns, and two for those who measured only half of a flower.
func models() []model {
	sepals, petals := []string{"sepal_length", "sepal_width"}, []string{"petal_length", "petal_width"}
	return []model{
		{"all", append(append([]string{}, sepals...), petals...), "", "model.tar.gz"},
		{"sepals", sepals, "sepals/", "sepals.tar.gz"},
		{"petals", petals, "petals/", "petals.tar.gz"},
	}
}

// run reads data/iris.csv in a folder and writes beside it both parts of the data, the models and their archives.
func run(folder string, out io.Writer) error {
	table, err := samples.Read(filepath.Join(folder, "data", "iris.csv"), "species")
	if err != nil {
		return err
	}
	train, heldOut := table.Split(5)
	files, err := artifacts.Parts(train, heldOut)
	if err != nil {
		return err
	}
	for _, model := range models() {
		made, err := learn(model, train, heldOut, out)
		if err != nil {
			return fmt.Errorf("model of %s: %w", model.name, err)
		}
		files = append(files, made...)
	}
	return artifacts.Write(folder, files)
}

// learn makes the files of a model, and prints how many rows of each part it gets right.
func learn(model model, train, heldOut samples.Table, out io.Writer) ([]artifacts.File, error) {
	seen, err := numbers(train, model.columns)
	if err != nil {
		return nil, err
	}
	unseen, err := numbers(heldOut, model.columns)
	if err != nil {
		return nil, err
	}
	trained, err := softmax.Train(seen)
	if err != nil {
		return nil, err
	}
	if err := softmax.Report(out, model.name, trained, seen, unseen); err != nil {
		return nil, err
	}
	return artifacts.Model(trained, model.folder+linear.File, model.archive)
}

func numbers(table samples.Table, columns []string) (samples.Set, error) {
	selected, err := table.Select(columns...)
	if err != nil {
		return samples.Set{}, err
	}
	return selected.Numbers()
}

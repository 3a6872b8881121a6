package serving

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"sagehost/localaws/containers/environment"
	"sagehost/localaws/services/cloudwatch/containerlogs"
)

// container is one container of a fleet, over all its runs.
type container struct {
	fleet *Fleet
	index int
	spec  Container
	// name is what SageMaker calls it in messages: the only one of a model is the primary.
	name string
	// base stands for /opt/ml.
	base string

	program   []string
	directory string
	variables map[string]string
	output    *output

	// latest is the last run, and ready the one that takes requests; nil while there is none.
	latest, ready atomic.Pointer[process]
	// models are those of a multi-model container; nil otherwise.
	models *models
}

func newContainer(f *Fleet, index int) *container {
	spec := f.spec.Containers[index]
	c := &container{
		fleet: f, index: index, spec: spec, name: spec.Hostname,
		base: filepath.Join(f.dir, fmt.Sprintf("%d", index+1)),
		output: &output{
			log: f.host.Log, prefix: f.spec.Name + "/" + spec.Hostname, lines: f.host.Lines,
			stream: containerlogs.Stream{Region: f.spec.Region, Group: f.spec.LogGroup, Name: f.spec.LogStream},
		},
	}
	if len(f.spec.Containers) == 1 {
		c.name = "primary"
	} else {
		c.output.stream.Name += "/" + spec.Hostname
	}
	if spec.MultiModel {
		c.models = newModels(c)
	}
	return c
}

// start prepares the program and the model data, and runs the container until it is ready. Then it is kept running.
func (c *container) start(ctx context.Context) error {
	if c.output.lines != nil {
		c.output.lines.Open(c.output.stream)
	}
	// A model of an earlier version may still have what is refused today.
	if refusal := environment.Refusal(c.spec.Environment); refusal != "" {
		return failed("%s", refusal)
	}
	if err := c.prepare(ctx); err != nil {
		return &FailedStart{Reason: err.Error()}
	}
	if err := c.fetch(ctx); err != nil {
		return notFetched(c.fleet.spec, c.index, err)
	}
	p, err := c.launch(ctx)
	if err != nil {
		return err
	}
	c.ready.Store(p)
	c.fleet.keepers.Go(func() { c.keep(p) })
	return nil
}

// prepare finds out what to run.
func (c *container) prepare(ctx context.Context) error {
	images := c.fleet.host.Images
	found, err := images.find(c.spec.Image)
	if err != nil {
		return err
	}
	c.program, c.variables, c.directory = found.command, found.environment, found.directory
	if !filepath.IsAbs(c.directory) {
		c.directory = filepath.Join(images.root, c.directory)
	}
	if found.source == "" {
		return nil
	}
	program, err := c.fleet.host.builder.build(ctx, images.root, found.source)
	c.program = []string{program, "serve"}
	return err
}

// fetch brings the model data to the folder that stands for /opt/ml/model. Data of multi-model containers comes later.
func (c *container) fetch(ctx context.Context) error {
	dir := filepath.Join(c.base, "model")
	if c.spec.ModelData == "" || c.spec.MultiModel {
		return os.MkdirAll(dir, 0o700)
	}
	ctx, cancel := c.fleet.host.within(ctx, c.fleet.spec.downloadTimeout())
	defer cancel()
	var err error
	if c.spec.Uncompressed {
		err = c.fetcher().files(ctx, c.spec.ModelData, dir)
	} else {
		_, err = c.fetcher().archive(ctx, c.spec.ModelData, dir)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (c *container) fetcher() fetcher {
	return fetcher{objects: c.fleet.host.Objects, region: c.fleet.spec.Region, space: c.fleet.space}
}

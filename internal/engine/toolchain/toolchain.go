// Package toolchain finds the programs that the local AWS needs, and builds or installs those that are not there.
package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Toolchain says where tools are looked for and kept.
type Toolchain struct {
	// Root is the checkout: the folder that holds go.mod, Pulumi.yaml and tools. Required.
	Root string
	// Cache is the folder of what was built or installed. Empty means the variable SAGEHOST_CACHE, else the folder
	// sagehost in the user's cache folder.
	Cache string
	// Progress receives one line before each step that takes time. Nil means none.
	Progress io.Writer

	machine *machine
}

// Tools are the paths of the programs. AWSPlugin is set, or Bridge and TerraformProvider are.
type Tools struct {
	// Pulumi is the Pulumi CLI. One that was built lies in a folder named bin, as the Automation API expects.
	Pulumi string
	// AWSPlugin is the folder of the installed plugin for the package aws. An engine finds it by itself.
	AWSPlugin string
	// Bridge is Pulumi's bridge for any Terraform provider.
	Bridge string
	// TerraformProvider is the executable of terraform-provider-aws.
	TerraformProvider string
	// Moto is the executable moto_server.
	Moto string
}

// need is one tool: how it is found, and how it is made where it is not.
type need struct {
	path *string
	// find returns the tool, or nothing and how to make it. A tool that can neither be found nor made is a Missing.
	find func(context.Context) (string, makeFunc, error)
}

type makeFunc func(context.Context) (string, error)

// Ensure finds every tool, and makes those that can be made. Nothing is made while another tool is known to be
// missing; the error then is a [Missing] that names all of them and the ways to get each.
func (t Toolchain) Ensure(ctx context.Context) (Tools, error) {
	return t.ensure(ctx, func(t Toolchain, tools *Tools, p pins) []need {
		needs := []need{{&tools.Moto, t.findMoto}, {&tools.Pulumi, pulumiCLI{t, p.pulumi}.find}}
		provider := t.provider(tools, p)
		if len(provider) > 0 && t.lacksTerraformProvider(ctx) {
			provider = []need{{&tools.AWSPlugin, pluginDownload{t, p.aws, &tools.Pulumi}.find}}
		}
		return append(needs, provider...)
	})
}

// EnsureCLI is Ensure for the Pulumi CLI alone.
func (t Toolchain) EnsureCLI(ctx context.Context) (Tools, error) {
	return t.ensure(ctx, func(t Toolchain, tools *Tools, p pins) []need {
		return []need{{&tools.Pulumi, pulumiCLI{t, p.pulumi}.find}}
	})
}

// EnsureProvider is Ensure for the AWS provider alone.
func (t Toolchain) EnsureProvider(ctx context.Context) (Tools, error) {
	return t.ensure(ctx, Toolchain.provider)
}

func (t Toolchain) ensure(ctx context.Context, needs func(Toolchain, *Tools, pins) []need) (Tools, error) {
	if t.machine == nil {
		t.machine = thisMachine()
	}
	if t.Progress == nil {
		t.Progress = io.Discard
	}
	if err := t.openCache(); err != nil {
		return Tools{}, err
	}
	p, err := readPins(t.Root)
	if err != nil {
		return Tools{}, err
	}
	var tools Tools
	if err := fulfil(ctx, needs(t, &tools, p)); err != nil {
		return Tools{}, err
	}
	return tools, nil
}

// provider is what the AWS provider takes where its plugin is not installed: Terraform's, behind the bridge.
func (t Toolchain) provider(tools *Tools, p pins) []need {
	if tools.AWSPlugin = t.machine.awsPlugin(p.aws); tools.AWSPlugin != "" {
		return nil
	}
	return []need{{&tools.TerraformProvider, t.findTerraformProvider}, {&tools.Bridge, t.findBridge}}
}

// fulfil finds all before it makes any: a build of minutes should not end in the news that Python is missing.
func fulfil(ctx context.Context, needs []need) error {
	recipes := make([]makeFunc, len(needs))
	problems := make([]error, len(needs))
	for i, n := range needs {
		*n.path, recipes[i], problems[i] = n.find(ctx)
	}
	if err := join(problems); err != nil {
		return err
	}
	for i, recipe := range recipes {
		if recipe == nil {
			continue
		}
		var err error
		if *needs[i].path, err = recipe(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (t *Toolchain) openCache() error {
	if t.Cache == "" {
		t.Cache = t.machine.getenv("SAGEHOST_CACHE")
	}
	if t.Cache == "" {
		if t.machine.cache == "" {
			return errors.New("cache of tools: this user has no cache folder; set SAGEHOST_CACHE")
		}
		t.Cache = filepath.Join(t.machine.cache, "sagehost")
	}
	var err error
	// Tools keep their own path in them, and run in other folders.
	if t.Cache, err = filepath.Abs(t.Cache); err != nil {
		return fmt.Errorf("cache of tools: %w", err)
	}
	if err := os.MkdirAll(t.Cache, 0o750); err != nil {
		return fmt.Errorf("cache of tools: %w", err)
	}
	return nil
}

func (t Toolchain) progress(format string, args ...any) {
	// A progress line that cannot be shown is no reason to stop.
	_, _ = fmt.Fprintf(t.Progress, format+"\n", args...)
}

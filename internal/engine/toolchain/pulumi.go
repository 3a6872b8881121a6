package toolchain

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
)

const (
	pulumiTool    = "the Pulumi CLI"
	pulumiVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
)

type pulumiCLI struct {
	Toolchain
	accepted string
}

// find prefers the variable SAGEHOST_PULUMI, then an installed CLI that the project accepts, then the pinned one.
func (p pulumiCLI) find(ctx context.Context) (string, makeFunc, error) {
	path, err := p.machine.override("SAGEHOST_PULUMI", pulumiTool)
	if path != "" || err != nil {
		return path, nil, err
	}
	accepts, err := semver.ParseRange(p.accepted)
	if err != nil {
		return "", nil, fmt.Errorf("requiredPulumiVersion %q: %w", p.accepted, err)
	}
	if path, err := p.machine.lookPath("pulumi"); err == nil && installedPulumi(ctx, path, accepts) {
		return path, nil, nil
	}
	dir := filepath.Join(p.Root, "tools", "pulumi")
	version, err := moduleVersion(filepath.Join(dir, "go.mod"), "github.com/pulumi/pulumi/pkg/v3")
	if err != nil {
		return "", nil, err
	}
	return source{
		title: pulumiTool + " " + version, span: "3 minutes",
		dir: dir, pkg: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", file: filepath.Join("bin", "pulumi"),
		// A CLI without its version is refused by the Automation API.
		ldflags: "-s -w -X " + pulumiVersion + "=" + version,
	}.find(ctx, p.Toolchain, "install Pulumi "+p.accepted, "let SAGEHOST_PULUMI name a pulumi executable")
}

// installedPulumi reports whether an installed CLI runs and has an accepted version.
func installedPulumi(ctx context.Context, path string, accepts semver.Range) bool {
	text, err := run(ctx, "", []string{"PULUMI_SKIP_UPDATE_CHECK=true"}, path, "version")
	if err != nil {
		return false
	}
	version, err := semver.ParseTolerant(strings.TrimSpace(text))
	return err == nil && accepts(version)
}

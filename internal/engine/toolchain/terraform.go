package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/files"
)

const (
	bridgeTool   = "the Terraform bridge"
	providerTool = "terraform-provider-aws v" + providerVersion
	// providerVersion is the Terraform provider that pulumi-aws v6.83 is made of.
	providerVersion = "5.100.0"
)

// providerPattern is where a folder of Terraform plugins keeps the executable.
var providerPattern = filepath.Join("registry.terraform.io", "hashicorp", "aws", providerVersion, platform(),
	"terraform-provider-aws_v"+providerVersion+"*")

func (t Toolchain) findBridge(ctx context.Context) (string, makeFunc, error) {
	dir := filepath.Join(t.Root, "tools", "awsbridge")
	version, err := moduleVersion(filepath.Join(dir, "go.mod"), "github.com/pulumi/pulumi-terraform-bridge/v3")
	if err != nil {
		return "", nil, err
	}
	return source{
		title: bridgeTool + " " + version, span: "2 minutes", dir: dir, ldflags: "-s -w",
		pkg: "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic", file: "pulumi-terraform-bridge-dynamic",
	}.find(ctx, t, "install the Pulumi plugin for aws")
}

// findTerraformProvider prefers the variable SAGEHOST_TERRAFORM_PROVIDER_AWS, then the folders in which Terraform
// itself looks, then what was installed before, then folders on the shelf of optional software. Where terraform is
// installed, it can fetch the provider.
func (t Toolchain) findTerraformProvider(context.Context) (string, makeFunc, error) {
	path, err := t.machine.override("SAGEHOST_TERRAFORM_PROVIDER_AWS", providerTool)
	if path != "" || err != nil {
		return path, nil, err
	}
	kept := filepath.Join(t.Cache, "terraform-plugins")
	folders := slices.Concat(t.machine.terraformFolders(), []string{kept}, t.machine.shelved())
	if path := providerIn(folders); path != "" {
		return path, nil, nil
	}
	terraform, err := t.machine.lookPath("terraform")
	if err != nil {
		return "", nil, missing(providerTool, "it is in no folder of Terraform plugins, and terraform is not on the PATH",
			waysToProvider()...)
	}
	return "", func(ctx context.Context) (string, error) { return t.fetchProvider(ctx, terraform, kept) }, nil
}

// lacksTerraformProvider reports whether the provider is nowhere, and terraform is not there to fetch it.
func (t Toolchain) lacksTerraformProvider(ctx context.Context) bool {
	_, _, err := t.findTerraformProvider(ctx)
	_, lacking := errors.AsType[*Missing](err)
	return lacking && t.machine.getenv("SAGEHOST_TERRAFORM_PROVIDER_AWS") == ""
}

func waysToProvider() []string {
	return []string{
		"install the Pulumi plugin for aws",
		"install Terraform, which fetches the provider",
		"put terraform-provider-aws into ~/.terraform.d/plugins/" + filepath.ToSlash(filepath.Dir(providerPattern)),
		"let SAGEHOST_TERRAFORM_PROVIDER_AWS name its executable",
	}
}

func providerIn(folders []string) string {
	for _, folder := range folders {
		// The only error is a bad pattern, and a folder whose name makes one holds nothing to find.
		matches, _ := filepath.Glob(filepath.Join(folder, providerPattern))
		if i := slices.IndexFunc(matches, executable); i >= 0 {
			return matches[i]
		}
	}
	return ""
}

// terraformFolders are the folders of plugins that Terraform knows, in its order.
func (m *machine) terraformFolders() []string {
	folders := m.configuredFolders()
	if cache := m.getenv("TF_PLUGIN_CACHE_DIR"); cache != "" {
		folders = append(folders, cache)
	}
	if m.home != "" {
		folders = append(folders, filepath.Join(m.home, ".terraform.d", "plugins"),
			filepath.Join(m.home, ".local", "share", "terraform", "plugins"))
	}
	return append(folders, m.plugins...)
}

// configured finds the folders in Terraform's CLI configuration: a mirror's path and the cache of plugins.
var configured = regexp.MustCompile(`(?m)^\s*(?:filesystem_mirror\s*\{[^}]*?path|plugin_cache_dir)\s*=\s*"([^"]+)"`)

func (m *machine) configuredFolders() []string {
	file := m.getenv("TF_CLI_CONFIG_FILE")
	if file == "" {
		file = filepath.Join(m.home, ".terraformrc")
	}
	// Most machines have no such file.
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var folders []string
	for _, match := range configured.FindAllStringSubmatch(string(text), -1) {
		folders = append(folders, strings.Replace(match[1], "$HOME", m.home, 1))
	}
	return folders
}

func (m *machine) shelved() []string {
	entries, err := os.ReadDir(m.shelf)
	if err != nil {
		return nil
	}
	folders := make([]string, len(entries))
	for i, entry := range entries {
		folders[i] = filepath.Join(m.shelf, entry.Name())
	}
	return folders
}

// wanted is the smallest configuration that makes terraform install the provider.
const wanted = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "` + providerVersion + `"
    }
  }
}
`

// fetchProvider lets terraform install the provider into a folder that becomes the kept one when it is whole.
func (t Toolchain) fetchProvider(ctx context.Context, terraform, kept string) (string, error) {
	unlock, err := files.Lock(ctx, kept+".lock")
	if err != nil {
		return "", fmt.Errorf("%s: %w", providerTool, err)
	}
	defer unlock()
	if path := providerIn([]string{kept}); path != "" {
		return path, nil
	}
	t.progress("fetching %s with terraform (once, 700 MB on disk) …", providerTool)
	part := kept + ".part"
	if err := t.install(ctx, terraform, part); err != nil {
		return "", fmt.Errorf("%s: %w", providerTool, errors.Join(err, discard(part)))
	}
	if err := errors.Join(discard(kept), os.Rename(part, kept)); err != nil {
		return "", fmt.Errorf("%s: %w", providerTool, err)
	}
	if path := providerIn([]string{kept}); path != "" {
		return path, nil
	}
	return "", missing(providerTool, "terraform installed something else",
		"let SAGEHOST_TERRAFORM_PROVIDER_AWS name its executable")
}

func (t Toolchain) install(ctx context.Context, terraform, plugins string) error {
	if err := errors.Join(discard(plugins), os.MkdirAll(plugins, 0o750)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "terraform")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(wanted), 0o600); err != nil {
		return errors.Join(err, discard(dir))
	}
	// terraform init, and not terraform providers mirror: a cache of plugins is unpacked, a mirror is an archive.
	_, err = run(ctx, dir, []string{"TF_PLUGIN_CACHE_DIR=" + plugins, "TF_DATA_DIR=" + filepath.Join(dir, "data")},
		terraform, "init", "-backend=false", "-input=false", "-no-color")
	return errors.Join(err, discard(dir))
}

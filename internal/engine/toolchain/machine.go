package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// machine is what the look-ups ask of the computer they run on. Tests describe another one.
type machine struct {
	getenv   func(string) string
	lookPath func(string) (string, error)
	// home and cache are the user's folders; empty where the user has none.
	home, cache string
	// plugins are the system's folders of Terraform plugins.
	plugins []string
	// shelf is a folder whose subfolders may be mirrors of Terraform plugins.
	shelf string
}

func thisMachine() *machine {
	// A user without these folders has nothing to look at there, and openCache speaks of the cache.
	home, _ := os.UserHomeDir()
	cache, _ := os.UserCacheDir()
	return &machine{
		getenv:   os.Getenv,
		lookPath: exec.LookPath,
		home:     home,
		cache:    cache,
		plugins:  []string{"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"},
		shelf:    "/opt",
	}
}

// override is the tool that a variable names, if it is set.
func (m *machine) override(variable, tool string) (string, error) {
	path := m.getenv(variable)
	if path == "" || executable(path) {
		return path, nil
	}
	return "", missing(tool, fmt.Sprintf("%s names %s, which is no executable file", variable, path),
		"correct or unset "+variable)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// awsPlugin is the folder of the installed plugin, or nothing. An interrupted installation leaves the folder and a
// file beside it that says so.
func (m *machine) awsPlugin(version string) string {
	home := m.getenv("PULUMI_HOME")
	if home == "" {
		home = filepath.Join(m.home, ".pulumi")
	}
	folder := filepath.Join(home, "plugins", "resource-aws-v"+version)
	if _, err := os.Stat(folder + ".partial"); err == nil {
		return ""
	}
	if !executable(filepath.Join(folder, "pulumi-resource-aws")) {
		return ""
	}
	return folder
}

func platform() string {
	return runtime.GOOS + "_" + runtime.GOARCH
}

// run runs a command in a folder with some variables changed, and returns its output. An error ends with what the
// command said last.
func run(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // running the tools it finds is this package's purpose
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		return strings.TrimSpace(string(out)), nil
	}
	if ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	said := strings.TrimSpace(stderr.String())
	return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, tail(said, 2000))
}

func tail(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return "… " + text[len(text)-most:]
}

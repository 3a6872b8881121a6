// Package stackfile reads Pulumi.yaml and Pulumi.<stack>.yaml the way the Pulumi CLI does.
package stackfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

// File is a stack's file together with the project it belongs to.
type File struct {
	// Stack is the stack's name.
	Stack string
	// Project is what Pulumi.yaml says.
	Project *workspace.Project
	// Settings is what Pulumi.<stack>.yaml says.
	Settings *workspace.ProjectStack
}

// Load reads the file of a stack from the project's folder.
func Load(dir, stack string) (*File, error) {
	project, err := workspace.LoadProject(filepath.Join(dir, "Pulumi.yaml"))
	if err != nil {
		return nil, fmt.Errorf("project file Pulumi.yaml: %w", err)
	}
	name := "Pulumi." + stack + ".yaml"
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		stacks := Stacks(dir)
		if len(stacks) == 0 {
			return nil, fmt.Errorf("there is no %s, nor a file of another stack", name)
		}
		return nil, fmt.Errorf("there is no %s; the stacks are %s%s",
			name, strings.Join(stacks, ", "), check.DidYouMean(stack, stacks))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("stack file: %w", err)
	}
	return (&File{Stack: stack, Project: project}).With(text)
}

// With is the file with another text, as a stack's file could be.
func (f *File) With(text []byte) (*File, error) {
	name := "Pulumi." + f.Stack + ".yaml"
	quiet := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	settings, err := workspace.LoadProjectStackBytes(quiet, f.Project, spelledOut(text), name, encoding.YAML)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &File{Stack: f.Stack, Project: f.Project, Settings: settings}, nil
}

// Empty stands for a file that is missing or cannot be read.
func Empty(stack string) *File {
	return &File{
		Stack:    stack,
		Project:  &workspace.Project{Name: "sagehost", Runtime: workspace.NewProjectRuntimeInfo("go", nil)},
		Settings: &workspace.ProjectStack{},
	}
}

var stackFile = regexp.MustCompile(`^Pulumi\.([^.]+)\.yaml$`)

// Stacks lists the stacks that have a file in the project's folder, sorted.
func Stacks(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var stacks []string
	for _, entry := range entries {
		if m := stackFile.FindStringSubmatch(entry.Name()); m != nil {
			stacks = append(stacks, m[1])
		}
	}
	return stacks
}

// Config is the configuration as a program receives it: objects as JSON, encrypted values as their cipher text.
func (f *File) Config() (map[string]string, error) {
	values := map[string]string{}
	for key, value := range f.Settings.Config {
		text, err := value.Value(config.NopDecrypter)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		values[key.String()] = text
	}
	return values, nil
}

// Secret reports whether the value of a key, or a part of it, is encrypted.
func (f *File) Secret(key string) bool {
	for k, value := range f.Settings.Config {
		if k.String() == key {
			return value.Secure()
		}
	}
	return false
}

// ForLocalAWS is the stack's configuration without what leads to the real AWS: of the provider's settings only the
// region and tags remain, and the key to encrypted values is left out.
func (f *File) ForLocalAWS() workspace.ProjectStack {
	local := config.Map{
		// The names of buckets cannot be host names on loopback.
		config.MustMakeKey("aws", "s3UsePathStyle"): config.NewValue("true"),
		// The provider would try a request that fails up to 25 times: minutes of silence.
		config.MustMakeKey("aws", "maxRetries"): config.NewValue("3"),
	}
	for key, value := range f.Settings.Config {
		switch {
		case key.Namespace() != "aws", key.Name() == "region", key.Name() == "defaultTags":
			local[key] = value
		}
	}
	return workspace.ProjectStack{Config: local}
}

// Region is the stack's AWS region; empty when its file names none.
func (f *File) Region() string {
	region, err := f.Settings.Config[config.MustMakeKey("aws", "region")].Value(config.NopDecrypter)
	if err != nil {
		return ""
	}
	return region
}

// AllowedAccounts are the ids of the accounts that the stack may be in, each of 12 digits; none where the
// file does not say.
func (f *File) AllowedAccounts() ([]string, error) {
	value, ok := f.Settings.Config[config.MustMakeKey("aws", "allowedAccountIds")]
	if !ok {
		return nil, nil
	}
	text, err := value.Value(config.NopDecrypter)
	if err != nil {
		return nil, fmt.Errorf("aws:allowedAccountIds: %w", err)
	}
	at := check.New("aws:").Key("allowedAccountIds")
	accounts := awsref.ParseAccounts(at, text)
	return accounts, at.Err()
}

// Package gitrepo asks git about a checkout, and leaves branches in it, by git's own command.
package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Repo is a checkout, or a folder of one.
type Repo struct {
	// Dir is the folder; paths are relative to it.
	Dir string
}

// Head is the commit that is checked out, in hexadecimal digits.
func (r Repo) Head(ctx context.Context) (string, error) {
	return r.git(ctx, nil, nil, "rev-parse", "--verify", "HEAD^{commit}")
}

// Files are those of a commit, or of what else names one, beneath a folder of this one.
func (r Repo) Files(ctx context.Context, commit, folder string) ([]string, error) {
	tree, err := r.git(ctx, nil, nil, "rev-parse", "--verify", "--end-of-options", commit+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", commit, err)
	}
	out, err := r.git(ctx, nil, nil, "ls-tree", "-r", "-z", "--name-only", tree, "--", filepath.ToSlash(folder)+"/")
	if err != nil || out == "" {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\x00"), "\x00"), nil
}

// Content is what a file was in a commit, without the end of the last line.
func (r Repo) Content(ctx context.Context, commit, path string) ([]byte, error) {
	out, err := r.git(ctx, nil, nil, "show", "--end-of-options", commit+":./"+filepath.ToSlash(path))
	return []byte(out), err
}

// Changes are the files beneath the folder that differ from the commit or are not in it, without those that the
// patterns match; ignored files do not count.
func (r Repo) Changes(ctx context.Context, without ...string) ([]string, error) {
	args := []string{"status", "--porcelain", "--untracked-files=all", "-z", "--no-renames", "--", "."}
	for _, pattern := range without {
		args = append(args, ":(exclude,glob)"+pattern)
	}
	out, err := r.git(ctx, nil, nil, args...)
	if err != nil {
		return nil, err
	}
	var files []string
	for entry := range strings.SplitSeq(out, "\x00") {
		if len(entry) > 3 {
			files = append(files, entry[3:])
		}
	}
	slices.Sort(files)
	return files, nil
}

// User is who git says the user is, such as "Jo Doe <jo@example.com>"; empty when it does not know.
func (r Repo) User(ctx context.Context) string {
	name, err := r.git(ctx, nil, nil, "config", "--get", "user.name")
	if err != nil {
		return ""
	}
	email, err := r.git(ctx, nil, nil, "config", "--get", "user.email")
	if err != nil {
		return name
	}
	return name + " <" + email + ">"
}

// Branch makes a new branch of one commit on top of the one that is checked out, in which these files have these
// contents. The files of the checkout, its branch and what is staged stay as they are.
func (r Repo) Branch(ctx context.Context, name, message string, files map[string][]byte) (commit string, err error) {
	if _, err := r.git(ctx, nil, nil, "rev-parse", "--verify", "--quiet", "refs/heads/"+name); err == nil {
		return "", fmt.Errorf("there is a branch %s already; delete it, or use it", name)
	}
	head, err := r.Head(ctx)
	if err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp("", "sagehost-index-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	env := []string{"GIT_INDEX_FILE=" + filepath.Join(scratch, "index")}
	if _, err := r.git(ctx, env, nil, "read-tree", head); err != nil {
		return "", err
	}
	prefix, err := r.git(ctx, nil, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return "", err
	}
	for path, content := range files {
		path = prefix + filepath.ToSlash(path)
		blob, err := r.git(ctx, env, content, "hash-object", "-w", "--stdin", "--path", path)
		if err != nil {
			return "", err
		}
		if _, err := r.git(ctx, env, nil, "update-index", "--add", "--cacheinfo", "100644,"+blob+","+path); err != nil {
			return "", err
		}
	}
	tree, err := r.git(ctx, env, nil, "write-tree")
	if err != nil {
		return "", err
	}
	commit, err = r.git(ctx, env, []byte(message), "commit-tree", tree, "-p", head, "-F", "-")
	if err != nil {
		return "", err
	}
	_, err = r.git(ctx, nil, nil, "branch", "--no-track", "--", name, commit)
	return commit, err
}

// git runs a command of git and returns what it prints, without the end of the last line.
func (r Repo) git(ctx context.Context, env []string, input []byte, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", args...) //nolint:gosec // git with arguments of this package's own
	command.Dir = r.Dir
	command.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	command.Env = append(command.Env, env...)
	command.Stdin = bytes.NewReader(input)
	var out, problem bytes.Buffer
	command.Stdout, command.Stderr = &out, &problem
	if err := command.Run(); err != nil {
		if said := strings.TrimSpace(problem.String()); said != "" {
			return "", fmt.Errorf("git %s: %s", args[0], said)
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimRight(out.String(), "\r\n"), nil
}

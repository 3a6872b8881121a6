package gitrepo

import (
	"cmp"
	"context"
	"fmt"
)

// Author is who does something in this checkout: in GitHub Actions whoever started the run, with the run's address;
// elsewhere who git or the system says the user is. Getenv looks up the environment.
func (r Repo) Author(ctx context.Context, getenv func(string) string) string {
	if run := Run(getenv); run != "" {
		return fmt.Sprintf("%s (%s)", cmp.Or(getenv("GITHUB_ACTOR"), "GitHub Actions"), run)
	}
	return cmp.Or(r.User(ctx), getenv("USER"), "unknown")
}

// Run is the address of the run of GitHub Actions that this is part of; empty elsewhere.
func Run(getenv func(string) string) string {
	server, repository, id := getenv("GITHUB_SERVER_URL"), getenv("GITHUB_REPOSITORY"), getenv("GITHUB_RUN_ID")
	if server == "" || repository == "" || id == "" {
		return ""
	}
	return fmt.Sprintf("%s/%s/actions/runs/%s", server, repository, id)
}

package github

import (
	"context"
	"fmt"

	"github.com/google/go-github/v75/github"
)

// Proposal is a pull request from a branch of the repository.
type Proposal struct {
	// Branch is what is proposed, and Base the branch that it is to be merged into.
	Branch, Base string
	Title, Body  string
}

// Propose opens a pull request, or brings the one that is open for the branch up to date. It returns its address.
func (r *Repository) Propose(ctx context.Context, p Proposal) (string, error) {
	opts := &github.PullRequestListOptions{State: "open", Head: r.owner + ":" + p.Branch, Base: p.Base}
	open, _, err := r.client.PullRequests.List(ctx, r.owner, r.name, opts)
	if err != nil {
		return "", r.failed("read the pull requests from "+p.Branch, err)
	}
	if len(open) > 0 {
		number := open[0].GetNumber()
		edited, _, err := r.client.PullRequests.Edit(ctx, r.owner, r.name, number,
			&github.PullRequest{Title: &p.Title, Body: &p.Body})
		return edited.GetHTMLURL(), r.failed(fmt.Sprintf("edit pull request %d", number), err)
	}
	opened, _, err := r.client.PullRequests.Create(ctx, r.owner, r.name, &github.NewPullRequest{
		Title: &p.Title, Body: &p.Body, Head: &p.Branch, Base: &p.Base,
	})
	return opened.GetHTMLURL(), r.failed("open a pull request from "+p.Branch, err)
}

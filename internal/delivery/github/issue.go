package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v75/github"
)

// Issue is an issue that a workflow opens, keeps up to date, and closes.
type Issue struct {
	// Label is the issue's label, by which it is looked for.
	Label string
	// Marker is how the issue's text begins.
	Marker string
	Title  string
	// Body is the issue's text, Marker included.
	Body string
}

// Keep opens the issue, or brings the one that is open up to date. It returns the issue's address.
func (r *Repository) Keep(ctx context.Context, issue Issue) (string, error) {
	there, err := r.open(ctx, issue)
	if err != nil {
		return "", err
	}
	if there != nil {
		edited, _, err := r.client.Issues.Edit(ctx, r.owner, r.name, there.GetNumber(),
			&github.IssueRequest{Title: &issue.Title, Body: &issue.Body})
		return edited.GetHTMLURL(), r.failed(fmt.Sprintf("edit issue %d", there.GetNumber()), err)
	}
	opened, _, err := r.client.Issues.Create(ctx, r.owner, r.name,
		&github.IssueRequest{Title: &issue.Title, Body: &issue.Body, Labels: &[]string{issue.Label}})
	if err != nil {
		return "", r.failed("open an issue", err)
	}
	// GitHub drops labels that the token may not set. Without its label the issue would not be found again.
	if !slices.ContainsFunc(opened.Labels, func(l *github.Label) bool { return l.GetName() == issue.Label }) {
		return "", fmt.Errorf("GitHub: issue %d did not get its label %q; set it by hand, and let the token write issues",
			opened.GetNumber(), issue.Label)
	}
	return opened.GetHTMLURL(), nil
}

// Close closes the issue with a last comment, if it is open. It returns the issue's address; empty when none was open.
func (r *Repository) Close(ctx context.Context, issue Issue, comment string) (string, error) {
	there, err := r.open(ctx, issue)
	if err != nil || there == nil {
		return "", err
	}
	number := there.GetNumber()
	_, _, err = r.client.Issues.CreateComment(ctx, r.owner, r.name, number, &github.IssueComment{Body: &comment})
	if err != nil {
		return "", r.failed(fmt.Sprintf("comment on issue %d", number), err)
	}
	state, reason := "closed", "completed"
	closed, _, err := r.client.Issues.Edit(ctx, r.owner, r.name, number,
		&github.IssueRequest{State: &state, StateReason: &reason})
	return closed.GetHTMLURL(), r.failed(fmt.Sprintf("close issue %d", number), err)
}

// open is the open issue of a workflow with the label that begins with the marker; nil when there is none.
func (r *Repository) open(ctx context.Context, issue Issue) (*github.Issue, error) {
	opts := &github.IssueListByRepoOptions{
		State: "open", Labels: []string{issue.Label}, Direction: "asc", Sort: "created",
		ListOptions: github.ListOptions{PerPage: page},
	}
	for {
		issues, response, err := r.client.Issues.ListByRepo(ctx, r.owner, r.name, opts)
		if err != nil {
			return nil, r.failed(fmt.Sprintf("read the issues labelled %q", issue.Label), err)
		}
		for _, i := range issues {
			if !i.IsPullRequest() && i.GetUser().GetType() == bot && strings.HasPrefix(i.GetBody(), issue.Marker) {
				return i, nil
			}
		}
		if response.NextPage == 0 {
			return nil, nil //nolint:nilnil // that there is none is an answer
		}
		opts.ListOptions.Page = response.NextPage
	}
}

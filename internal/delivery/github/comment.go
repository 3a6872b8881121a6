package github

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v75/github"
)

// page is how many things are asked for at a time: the most that GitHub gives.
const page = 100

// bot is what GitHub calls the author of whatever a workflow's token has written.
const bot = "Bot"

// Comment writes the one comment of a pull request that begins with a marker: it edits the one that is there, or adds
// it. What people have written is never edited. It returns the comment's address.
func (r *Repository) Comment(ctx context.Context, pull int, marker, body string) (string, error) {
	there, err := r.comment(ctx, pull, marker)
	if err != nil {
		return "", err
	}
	content := &github.IssueComment{Body: &body}
	if there != nil {
		edited, _, err := r.client.Issues.EditComment(ctx, r.owner, r.name, there.GetID(), content)
		return edited.GetHTMLURL(), r.failed(fmt.Sprintf("edit comment %d", there.GetID()), err)
	}
	added, _, err := r.client.Issues.CreateComment(ctx, r.owner, r.name, pull, content)
	return added.GetHTMLURL(), r.failed(fmt.Sprintf("comment on pull request %d", pull), err)
}

// comment is the oldest comment of a workflow that begins with the marker; nil when there is none.
func (r *Repository) comment(ctx context.Context, pull int, marker string) (*github.IssueComment, error) {
	opts := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: page}}
	for {
		comments, response, err := r.client.Issues.ListComments(ctx, r.owner, r.name, pull, opts)
		if err != nil {
			return nil, r.failed(fmt.Sprintf("read the comments on pull request %d", pull), err)
		}
		for _, c := range comments {
			if c.GetUser().GetType() == bot && strings.HasPrefix(c.GetBody(), marker) {
				return c, nil
			}
		}
		if response.NextPage == 0 {
			return nil, nil //nolint:nilnil // that there is none is an answer
		}
		opts.Page = response.NextPage
	}
}

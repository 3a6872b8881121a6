package github_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/github"
	"sagehost/internal/delivery/github/fakegithub"
)

const marker = "<!-- sagehost:preview:dev -->"

// environment is what a workflow has.
func environment(api string) func(string) string {
	return func(name string) string {
		return map[string]string{
			"GITHUB_TOKEN": fakegithub.Token, "GITHUB_REPOSITORY": fakegithub.Repository, "GITHUB_API_URL": api,
		}[name]
	}
}

func connect(t *testing.T) (*fakegithub.Server, *github.Repository) {
	t.Helper()
	server := fakegithub.New(t)
	repository, err := github.FromEnvironment(environment(server.URL))
	require.NoError(t, err)
	return server, repository
}

func TestACommentIsAddedOnceAndEditedFromThenOn(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	const other = "<!-- sagehost:preview:prod -->\nprod"
	server.Comments = []fakegithub.Comment{{ID: 1, On: 7, Body: other, User: fakegithub.Bot}}
	for _, body := range []string{marker + "\nfirst", marker + "\nsecond"} {
		address, err := repository.Comment(t.Context(), 7, marker, body)
		require.NoError(t, err)
		assert.Equal(t, "https://github.com/octo/models/issues/7#issuecomment-2", address)
	}
	require.Len(t, server.Comments, 2)
	assert.Equal(t, marker+"\nsecond", server.Comments[1].Body)
	assert.Equal(t, other, server.Comments[0].Body, "another stack's stays")
}

func TestACommentIsFoundOnThePageThatHasIt(t *testing.T) {
	t.Parallel()
	for _, before := range []int{0, 99, 100, 250} {
		server, repository := connect(t)
		for i := range before {
			server.Comments = append(server.Comments, fakegithub.Comment{ID: int64(i + 1), On: 7, Body: "hello"})
		}
		server.Comments = append(server.Comments,
			fakegithub.Comment{ID: 1000, On: 7, Body: marker + "\nold", User: fakegithub.Bot})
		_, err := repository.Comment(t.Context(), 7, marker, marker+"\nnew")
		require.NoError(t, err)
		require.Len(t, server.Comments, before+1, "after %d others", before)
		assert.Equal(t, marker+"\nnew", server.Comments[before].Body)
	}
}

func TestWhatPeopleWroteIsNotEdited(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	server.Comments = []fakegithub.Comment{
		{ID: 1, On: 7, Body: marker + "\nforged", User: fakegithub.Person},
		{ID: 2, On: 7, Body: "a quote: " + marker, User: fakegithub.Bot},
		{ID: 3, On: 8, Body: marker, User: fakegithub.Bot},
	}
	_, err := repository.Comment(t.Context(), 7, marker, marker+"\nreal")
	require.NoError(t, err)
	require.Len(t, server.Comments, 4)
	assert.Equal(t, marker+"\nforged", server.Comments[0].Body)
}

func drift(body string) github.Issue {
	const marker = "<!-- sagehost:drift:dev -->"
	return github.Issue{Label: "drift", Marker: marker, Title: "Drift of stack dev", Body: marker + "\n" + body}
}

func TestAnIssueIsOpenedKeptAndClosed(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	labels := []fakegithub.Label{{Name: "drift"}}
	others := []fakegithub.Issue{
		{Number: 1, State: "open", Body: drift("").Body, Labels: labels, User: fakegithub.Person},
		{Number: 2, State: "closed", Body: drift("").Body, Labels: labels, User: fakegithub.Bot},
		{
			Number: 3, State: "open", Body: drift("").Body, Labels: labels, User: fakegithub.Bot,
			Pull: map[string]string{"url": "here"},
		},
	}
	for i := range 120 {
		others = append(others, fakegithub.Issue{Number: i + 4, State: "open", Body: "other", Labels: labels})
	}
	server.Issues = append(server.Issues, others...)

	for _, body := range []string{"first", "second"} {
		address, err := repository.Keep(t.Context(), drift(body))
		require.NoError(t, err)
		assert.Equal(t, "https://github.com/octo/models/issues/124", address)
	}
	require.Len(t, server.Issues, 124)
	assert.Equal(t, drift("second").Body, server.Issues[123].Body)
	assert.Equal(t, "Drift of stack dev", server.Issues[123].Title)
	assert.Equal(t, labels, server.Issues[123].Labels)

	for _, want := range []string{"https://github.com/octo/models/issues/124", ""} {
		address, err := repository.Close(t.Context(), drift(""), "Gone.")
		require.NoError(t, err)
		assert.Equal(t, want, address, "it is closed once")
	}
	assert.Equal(t, "closed", server.Issues[123].State)
	require.Len(t, server.Comments, 1)
	assert.Equal(t, "Gone.", server.Comments[0].Body)
	assert.Equal(t, others, server.Issues[:123], "the others stay")
}

func TestAnIssueWithoutItsLabelIsAnError(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	server.DropLabels = true
	_, err := repository.Keep(t.Context(), drift(""))
	assert.EqualError(t, err,
		`GitHub: issue 1 did not get its label "drift"; set it by hand, and let the token write issues`)
}

func TestAPullRequestIsOpenedOnceForABranch(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	for _, title := range []string{"Promote flowers", "Promote flowers again"} {
		address, err := repository.Propose(t.Context(), github.Proposal{
			Branch: "promote/flowers", Base: "main", Title: title, Body: "why",
		})
		require.NoError(t, err)
		assert.Equal(t, "https://github.com/octo/models/pull/1", address)
	}
	require.Len(t, server.Issues, 1)
	assert.Equal(t, "Promote flowers again", server.Issues[0].Title)
	assert.Equal(t, "promote/flowers", server.Issues[0].Head)
	assert.Equal(t, "main", server.Issues[0].Base)
}

func TestErrorsSayWhatWasTriedAndNeverTheToken(t *testing.T) {
	t.Parallel()
	server, repository := connect(t)
	server.Fail, server.FailBody = http.StatusForbidden, fmt.Sprintf(`{"message":"%s may not"}`, fakegithub.Token)
	ctx := t.Context()
	for what, do := range map[string]func() (string, error){
		"read the comments on pull request 7": func() (string, error) { return repository.Comment(ctx, 7, marker, marker) },
		`read the issues labelled "drift"`:    func() (string, error) { return repository.Keep(ctx, drift("")) },
		"read the pull requests from branch": func() (string, error) {
			return repository.Propose(ctx, github.Proposal{Branch: "branch"})
		},
	} {
		_, err := do()
		require.ErrorContains(t, err, "GitHub: "+what+": ")
		assert.ErrorContains(t, err, "403 (token) may not")
		assert.NotContains(t, err.Error(), fakegithub.Token)
	}
	_, err := repository.Close(ctx, drift(""), "")
	assert.ErrorContains(t, err, "403")
}

func TestTheTokenFollowsNoRedirectionToAnotherHost(t *testing.T) {
	t.Parallel()
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(other.Close)
	first := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(first.Close)
	repository, err := github.FromEnvironment(environment(first.URL))
	require.NoError(t, err)
	_, err = repository.Comment(t.Context(), 7, marker, marker)
	assert.ErrorContains(t, err, "redirected to another host")
	assert.False(t, asked)
}

func TestWhatAWorkflowLacksIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := github.FromEnvironment(func(name string) string {
		return map[string]string{"GITHUB_REPOSITORY": "octo", "GITHUB_API_URL": "http://api.example.com"}[name]
	})
	assert.EqualError(t, err, `GitHub: GITHUB_API_URL: "http://api.example.com" is not the address of an API, with https
GITHUB_REPOSITORY: "octo" is not an owner and a repository, such as "octo/models"
GITHUB_TOKEN: is not set; the workflow's step must hand over github.token in it`)
}

func TestAnEventTellsItsPullRequest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"pull_request":{"number":7}}`: "",
		`{"ref":"refs/heads/main"}`:     "GITHUB_EVENT_PATH: the event is about no pull request",
		`{`:                             "GITHUB_EVENT_PATH: unexpected end of JSON input",
	} {
		path := filepath.Join(t.TempDir(), "event.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		number, err := github.PullRequest(path)
		if want != "" {
			assert.EqualError(t, err, want)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, 7, number)
	}
	_, err := github.PullRequest("")
	assert.ErrorContains(t, err, "GITHUB_EVENT_PATH: ")
}

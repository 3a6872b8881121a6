// Package github publishes what workflows have found: as a comment on a pull request, as an issue, as a pull request.
package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/google/go-github/v75/github"

	"sagehost/kit/check"
)

// defaultAPI is GitHub's own; GitHub Enterprise Server has another.
const defaultAPI = "https://api.github.com"

// Repository is a repository of GitHub, as a workflow's token may change it.
type Repository struct {
	owner, name string
	client      *github.Client
	token       string
}

var repository = regexp.MustCompile(`^([A-Za-z0-9-]+)/([A-Za-z0-9._-]+)$`)

// FromEnvironment is the repository of the workflow that runs, by the variables that GitHub sets for it
// (GITHUB_REPOSITORY, GITHUB_API_URL) and the token that the workflow hands over in GITHUB_TOKEN.
func FromEnvironment(getenv func(string) string) (*Repository, error) {
	at := check.New("")
	r := &Repository{token: getenv("GITHUB_TOKEN")}
	if r.token == "" {
		at.Key("GITHUB_TOKEN").Addf("is not set; the workflow's step must hand over github.token in it")
	}
	if m := repository.FindStringSubmatch(getenv("GITHUB_REPOSITORY")); m != nil {
		r.owner, r.name = m[1], m[2]
	} else {
		at.Key("GITHUB_REPOSITORY").Addf("%q is not an owner and a repository, such as \"octo/models\"",
			getenv("GITHUB_REPOSITORY"))
	}
	api := getenv("GITHUB_API_URL")
	if api == "" {
		api = defaultAPI
	}
	base, err := url.Parse(strings.TrimSuffix(api, "/") + "/")
	if err != nil || !confidential(base) {
		at.Key("GITHUB_API_URL").Addf("%q is not the address of an API, with https", api)
	}
	if err := at.Err(); err != nil {
		return nil, fmt.Errorf("GitHub: %w", err)
	}
	r.client = github.NewClient(&http.Client{CheckRedirect: sameHost}).WithAuthToken(r.token)
	r.client.BaseURL = base
	return r, nil
}

// confidential reports whether a token can be sent to an address: encrypted, or not leaving the machine.
func confidential(base *url.URL) bool {
	ip := net.ParseIP(base.Hostname())
	return base.Host != "" && (base.Scheme == "https" || base.Scheme == "http" && ip != nil && ip.IsLoopback())
}

// sameHost refuses to be led to another host: the client would send the token there, too.
func sameHost(request *http.Request, via []*http.Request) error {
	const most = 10
	if len(via) >= most {
		return errors.New("redirected too often")
	}
	if request.URL.Host != via[0].URL.Host || request.URL.Scheme != via[0].URL.Scheme {
		return errors.New("redirected to another host")
	}
	return nil
}

// PullRequest is the number of the pull request that the event is about whose JSON is in a file (GITHUB_EVENT_PATH).
func PullRequest(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("GITHUB_EVENT_PATH: %w", err)
	}
	number, err := pullRequest(text)
	if err != nil {
		return 0, fmt.Errorf("GITHUB_EVENT_PATH: %w", err)
	}
	return number, nil
}

func pullRequest(event []byte) (int, error) {
	var told struct {
		PullRequest struct {
			Number int `json:"number"`
		} `json:"pull_request"`
	}
	if err := json.Unmarshal(event, &told); err != nil {
		return 0, err
	}
	if told.PullRequest.Number <= 0 {
		return 0, errors.New("the event is about no pull request")
	}
	return told.PullRequest.Number, nil
}

// failed is an error of the API with what was tried, and without the token, whatever the server has put into it.
func (r *Repository) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("GitHub: %s: %s", what, strings.ReplaceAll(err.Error(), r.token, "(token)"))
}

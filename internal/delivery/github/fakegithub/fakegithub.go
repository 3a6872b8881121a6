// Package fakegithub answers the few requests to the API of GitHub that workflows make, page by page.
package fakegithub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Token is the only one that is accepted.
const Token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"

// Repository is the only repository that there is.
const Repository = "octo/models"

// User is an author.
type User struct {
	Type string `json:"type"`
}

// Who writes: people, and workflows.
var (
	Person = User{Type: "User"}
	Bot    = User{Type: "Bot"}
)

// Comment is a comment on an issue or a pull request.
type Comment struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
	User User   `json:"user"`
	URL  string `json:"html_url"`
	// On is the number of the issue or pull request.
	On int `json:"-"`
}

// Label is a label.
type Label struct {
	Name string `json:"name"`
}

// Issue is an issue, or a pull request.
type Issue struct {
	Number int               `json:"number"`
	Title  string            `json:"title"`
	Body   string            `json:"body"`
	State  string            `json:"state"`
	User   User              `json:"user"`
	Labels []Label           `json:"labels"`
	URL    string            `json:"html_url"`
	Pull   map[string]string `json:"pull_request,omitempty"`
	// Head and Base are a pull request's branches.
	Head string `json:"-"`
	Base string `json:"-"`
}

// Server is the fake. Its members may be read and set while no request is under way.
type Server struct {
	// URL is the value for GITHUB_API_URL.
	URL      string
	Comments []Comment
	Issues   []Issue
	// DropLabels makes it accept labels and forget them, as GitHub does when a token may not set any.
	DropLabels bool
	// Fail makes every request fail with this status and body.
	Fail     int
	FailBody string

	mutex sync.Mutex
}

// New starts a fake that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{}
	mux := http.NewServeMux()
	const base = "/repos/" + Repository
	mux.HandleFunc("GET "+base+"/issues/{number}/comments", s.listComments)
	mux.HandleFunc("POST "+base+"/issues/{number}/comments", s.addComment)
	mux.HandleFunc("PATCH "+base+"/issues/comments/{id}", s.editComment)
	mux.HandleFunc("GET "+base+"/issues", s.listIssues)
	mux.HandleFunc("POST "+base+"/issues", s.addIssue)
	mux.HandleFunc("PATCH "+base+"/issues/{number}", s.editIssue)
	mux.HandleFunc("GET "+base+"/pulls", s.listPulls)
	mux.HandleFunc("POST "+base+"/pulls", s.addPull)
	mux.HandleFunc("PATCH "+base+"/pulls/{number}", s.editIssue)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		switch {
		case s.Fail != 0:
			http.Error(w, s.FailBody, s.Fail)
		case r.Header.Get("Authorization") != "Bearer "+Token:
			http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// answer writes a page of what a list has: as many as are asked for, with the address of the next page.
func answer[T any](w http.ResponseWriter, r *http.Request, list []T) {
	size, err := strconv.Atoi(r.FormValue("per_page"))
	if err != nil {
		size = 30 // GitHub's own
	}
	number := max(1, value(r.FormValue("page")))
	from := min((number-1)*size, len(list))
	to := min(from+size, len(list))
	if to < len(list) {
		next := *r.URL
		query := next.Query()
		query.Set("page", strconv.Itoa(number+1))
		next.RawQuery = query.Encode()
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s>; rel="next"`, r.Host, next.String()))
	}
	write(w, http.StatusOK, append([]T{}, list[from:to]...))
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client will see that it is not whole
}

// read decodes a request; it answers what cannot be decoded.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(r.Body).Decode(into)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func value(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return number
}

func (s *Server) listComments(w http.ResponseWriter, r *http.Request) {
	var found []Comment
	for _, c := range s.Comments {
		if c.On == value(r.PathValue("number")) {
			found = append(found, c)
		}
	}
	answer(w, r, found)
}

func (s *Server) addComment(w http.ResponseWriter, r *http.Request) {
	c := Comment{User: Bot, On: value(r.PathValue("number")), ID: int64(len(s.Comments) + 1)}
	if !read(w, r, &c) {
		return
	}
	c.URL = fmt.Sprintf("https://github.com/%s/issues/%d#issuecomment-%d", Repository, c.On, c.ID)
	s.Comments = append(s.Comments, c)
	write(w, http.StatusCreated, c)
}

func (s *Server) editComment(w http.ResponseWriter, r *http.Request) {
	for i := range s.Comments {
		if c := &s.Comments[i]; c.ID == int64(value(r.PathValue("id"))) {
			if read(w, r, c) {
				write(w, http.StatusOK, c)
			}
			return
		}
	}
	http.NotFound(w, r)
}

func (s *Server) listIssues(w http.ResponseWriter, r *http.Request) {
	var found []Issue
	for _, i := range s.Issues {
		labelled := slices.ContainsFunc(i.Labels, func(l Label) bool { return l.Name == r.FormValue("labels") })
		if i.State == r.FormValue("state") && labelled {
			found = append(found, i)
		}
	}
	answer(w, r, found)
}

func (s *Server) addIssue(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Title, Body string
		Labels      []string
	}
	if !read(w, r, &request) {
		return
	}
	i := Issue{Number: len(s.Issues) + 1, Title: request.Title, Body: request.Body, State: "open", User: Bot}
	for _, label := range request.Labels {
		if !s.DropLabels {
			i.Labels = append(i.Labels, Label{label})
		}
	}
	i.URL = fmt.Sprintf("https://github.com/%s/issues/%d", Repository, i.Number)
	s.Issues = append(s.Issues, i)
	write(w, http.StatusCreated, i)
}

func (s *Server) editIssue(w http.ResponseWriter, r *http.Request) {
	for n := range s.Issues {
		if i := &s.Issues[n]; i.Number == value(r.PathValue("number")) {
			if read(w, r, i) {
				write(w, http.StatusOK, i)
			}
			return
		}
	}
	http.NotFound(w, r)
}

func (s *Server) listPulls(w http.ResponseWriter, r *http.Request) {
	owner, _, _ := strings.Cut(Repository, "/")
	var found []Issue
	for _, i := range s.Issues {
		if i.Pull != nil && i.State == r.FormValue("state") && owner+":"+i.Head == r.FormValue("head") {
			found = append(found, i)
		}
	}
	answer(w, r, found)
}

func (s *Server) addPull(w http.ResponseWriter, r *http.Request) {
	var request struct{ Title, Body, Head, Base string }
	if !read(w, r, &request) {
		return
	}
	i := Issue{
		Number: len(s.Issues) + 1, Title: request.Title, Body: request.Body, State: "open", User: Bot,
		Head: request.Head, Base: request.Base, Pull: map[string]string{"url": "here"},
	}
	i.URL = fmt.Sprintf("https://github.com/%s/pull/%d", Repository, i.Number)
	s.Issues = append(s.Issues, i)
	write(w, http.StatusCreated, i)
}

package workflows_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/access"
	"sagehost/tests/harness"
)

// ask is a request to AWS: the IAM action that it needs, and the ARN of what it is about, as far as that is known.
type ask struct{ action, resource string }

// role is a role of the bootstrap's: what it may do, and what a command that has it has asked.
type role struct {
	stacks []string
	parts  []access.Part

	mutex sync.Mutex
	asked map[ask]bool
	// env leads a command to AWS by a door at which it is seen what it asks.
	env map[string]string
}

var (
	// measuring matches the commands that only measure, and that do so with the role which deploys.
	measuring = regexp.MustCompile(`^bin/sagehost (?:release verify|smoke|evaluate|bake) .*--stack (\w+)\b.*--aws$`)
	// providing matches the commands for which it is Pulumi's provider that asks AWS.
	providing = regexp.MustCompile(`^bin/sagehost (?:up|preview|drift) --stack (\w+|"\$STACK") --aws`)
)

// newRoles are the roles with which the commands of the workflows run.
func newRoles(t *testing.T, target string) map[string]*role {
	t.Helper()
	var reading []access.Part
	for _, part := range access.Parts() {
		reading = append(reading, part.Reading())
	}
	deployer := append(access.Parts(), access.Measuring())
	roles := map[string]*role{
		"dev": {stacks: []string{"dev"}, parts: deployer}, "prod": {stacks: []string{"prod"}, parts: deployer},
		"promote":  {stacks: []string{"dev"}, parts: reading},
		"dev-read": {stacks: []string{"dev"}, parts: reading}, "prod-read": {stacks: []string{"prod"}, parts: reading},
		// Both stacks are deployed at the same time, through one provider.
		"deployers": {stacks: []string{"dev", "prod"}, parts: access.Parts()},
	}
	for _, r := range roles {
		r.asked = map[ask]bool{}
		r.env = map[string]string{"AWS_ENDPOINT_URL": door(t, target, func() *role { return r })}
	}
	return roles
}

// roleOf is the role with which a script runs; nil where that is not looked at.
func (r *runner) roleOf(s *script) *role {
	if found := measuring.FindStringSubmatch(s.step.Run); found != nil {
		return r.roles[found[1]]
	}
	if strings.HasPrefix(s.step.Run, "bin/sagehost promote ") {
		return r.roles["promote"]
	}
	if strings.HasPrefix(s.step.Run, "bin/sagehost rollback ") {
		return r.roles["prod-read"]
	}
	found := providing.FindStringSubmatch(s.step.Run)
	if found == nil || r.roles == nil {
		return nil
	}
	acting := r.roles["deployers"]
	if s.job != "deploy" {
		acting = r.roles[strings.Replace(found[1], `"$STACK"`, r.known["matrix.stack"], 1)+"-read"]
	}
	r.acting.Store(acting)
	return acting
}

// door is the address of a proxy that leads to AWS, and notes what a role asks.
func door(t *testing.T, target string, whose func() *role) string {
	t.Helper()
	to, err := url.Parse(target)
	require.NoError(t, err)
	// The local AWS serves its own address, so the proxy asks for that.
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(to) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if r := whose(); r != nil && !strings.HasPrefix(request.URL.Path, "/_local/") {
			r.note(request)
		}
		proxy.ServeHTTP(w, request)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (r *role) note(request *http.Request) {
	action := harness.Action(request)
	about := resources(request, action)
	if action == "" {
		about = []string{request.Method + " " + request.URL.Path}
	}
	if len(about) == 0 {
		about = []string{""}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, resource := range about {
		r.asked[ask{action, resource}] = true
	}
}

// requireAllowed expects that a role has all rights that were needed, and returns the actions.
func (r *role) requireAllowed(t *testing.T) []string {
	t.Helper()
	allowed := []statement{
		{Action: []string{"sts:GetCallerIdentity"}, Resource: []string{"*"}}, // which nobody needs a right for
		{Action: []string{"s3:GetObject"}, Resource: []string{"arn:aws:s3:::" + store + "/*"}},
	}
	for _, part := range r.parts {
		for _, stack := range r.stacks {
			text, err := part.Policy(access.Scope{
				Partition: "aws", Region: region, Account: "123456789012", Project: "sagehost", Stack: stack,
			})
			require.NoError(t, err)
			var policy struct{ Statement []statement }
			require.NoError(t, json.Unmarshal(text, &policy))
			allowed = append(allowed, policy.Statement...)
		}
	}
	var actions []string
	for asked := range r.asked {
		actions = append(actions, asked.action)
		assert.True(t, asked.allowedBy(allowed), "the role for %v lacks %s on %s", r.stacks, asked.action, asked.resource)
	}
	return actions
}

type statement struct {
	Effect           string
	Action, Resource []string
}

func (a ask) allowedBy(statements []statement) bool {
	for _, s := range statements {
		if s.Effect == "Deny" {
			continue
		}
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				if action == a.action && (a.resource == "" || matches(resource, a.resource)) {
					return true
				}
			}
		}
	}
	return false
}

// matches reports whether a pattern of IAM's, in which "*" is any text, matches.
func matches(pattern, arn string) bool {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
	return regexp.MustCompile("^" + quoted + "$").MatchString(arn)
}

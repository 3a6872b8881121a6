package bootstrap

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/githubaccess"
	"sagehost/components/releasestore"
	"sagehost/components/statebackend"
	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/stacks/settings"
)

// Namespace begins the keys of the settings.
const Namespace = "bootstrap"

// Settings are what Pulumi.<account>.yaml says about an account.
type Settings struct {
	// State is where the states of the account's stacks are.
	State statebackend.Spec
	// Releases is the store of releases in this account. Default: unset, it has none.
	Releases *releasestore.Spec
	// ReleasesFrom are stores in other accounts that this account's roles read. Default: none.
	ReleasesFrom []Store
	// GitHub is the repository whose workflows get roles. Required.
	GitHub githubaccess.Spec
	// Environments are the environments of the repository, by name, each with a role of its own. Rights go by the names of
	// stacks: the name of none may begin or end that of another one, such as "prod" and "eu-prod".
	Environments map[string]Environment
	// Stacks are what the roles of a stack may use that is not the stack's own, by the stack's name. Default: nothing.
	Stacks map[string]Stack
	// PullRequests is the stack that every pull request of the repository may read. Default: unset, none.
	PullRequests *PullRequests
}

// Store is a store of releases in another account.
type Store struct {
	// Bucket is the bucket's name. Required.
	Bucket string `json:"bucket"`
	// KeyARN is the ARN of its key. Required.
	KeyARN string `json:"keyArn" aws:"kmsKeyOnly"`
}

// Stack is what the roles of a stack may use beside what is the stack's own, has its tag, or is let to them by other
// accounts.
type Stack struct {
	// Buckets are the names of buckets of this account from which models are read, or to which captured data and answers
	// are written. Default: none.
	Buckets []string `json:"buckets"`
}

// Environment is what the jobs of an environment of GitHub may do.
type Environment struct {
	// Stack is the stack on which they may act. Required.
	Stack string `json:"stack"`
	// Access is how they may act on it. Range: deploy, read, release. Required.
	Access Access `json:"access"`
}

// Access is how somebody may act on a stack.
type Access string

// How somebody may act on a stack.
const (
	// Deploy is to create, change and delete what it consists of, and to measure it.
	Deploy Access = "deploy"
	// Read is to preview it, and to compare it with its state.
	Read Access = "read"
	// Release is to make releases of its models, in the account's store of releases.
	Release Access = "release"
)

// PullRequests is what the jobs of any pull request may read.
type PullRequests struct {
	// Stack is the stack. Whoever may push a branch reads its state with the secrets in it: never one of production.
	// Required.
	Stack string `json:"stack"`
}

// load reads the settings of the account that is being set up.
func load(ctx *pulumi.Context) (*Settings, error) {
	s := &Settings{}
	root := check.New(Namespace + ":")
	keys := map[string]any{
		"state": &s.State, "releases": &s.Releases, "releasesFrom": &s.ReleasesFrom, "github": &s.GitHub,
		"environments": &s.Environments, "stacks": &s.Stacks, "pullRequests": &s.PullRequests,
	}
	given := map[string]string{}
	// The SDK looks up keys one by one and lists none; the list is in the environment, so that a mistyped key is seen.
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &given); err != nil {
		given = map[string]string{}
	}
	for name := range given {
		if key, ours := strings.CutPrefix(name, Namespace+":"); ours && keys[key] == nil {
			names := slices.Sorted(maps.Keys(keys))
			root.Key(key).Addf("is an unknown key%s; expected one of %s",
				check.DidYouMean(key, names), strings.Join(names, ", "))
		}
	}
	for key, into := range keys {
		if text, ok := ctx.GetConfig(Namespace + ":" + key); ok {
			settings.Decode(root.Key(key), text, into)
		}
	}
	malformed, invalid := root.Problems(), check.New(Namespace+":")
	s.check(invalid)
	region, _ := ctx.GetConfig("aws:region")
	for key, into := range keys {
		settings.CheckReferences(invalid.Key(key), into, awsref.Place{Region: region})
	}
	problems := check.Join(malformed, invalid.Problems().Outside(malformed))
	if len(problems) > 0 {
		return nil, &settings.Error{File: "Pulumi." + ctx.Stack() + ".yaml", Problems: problems}
	}
	return s, nil
}

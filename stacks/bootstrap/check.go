package bootstrap

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sagehost/components/githubaccess"
	"sagehost/kit/awsref"
	"sagehost/kit/check"
)

var (
	stackName  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

func (s *Settings) check(root check.At) {
	s.State.Check(root.Key("state"))
	if s.Releases != nil {
		s.Releases.Check(root.Key("releases"))
	}
	for i, store := range s.ReleasesFrom {
		at := root.Key("releasesFrom").Index(i)
		if !bucketName.MatchString(store.Bucket) {
			at.Key("bucket").Addf("%q is not the name of a bucket", store.Bucket)
		}
		awsref.KMSKeyOnly.CheckForm(at.Key("keyArn"), store.KeyARN)
	}
	s.GitHub.Check(root.Key("github"))
	if len(s.Environments) == 0 {
		root.Key("environments").Addf("is required")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		at, environment := root.Key("environments").Key(name), s.Environments[name]
		githubaccess.CheckEnvironment(at, name)
		checkStack(at.Key("stack"), environment.Stack)
		switch environment.Access {
		case Deploy, Read:
		case Release:
			if s.Releases == nil {
				at.Key("access").Addf("%q needs a store of releases in this account, bootstrap:releases", Release)
			}
		default:
			at.Key("access").Addf("%q is none of %q, %q and %q", environment.Access, Deploy, Read, Release)
		}
	}
	s.checkShared(root)
	s.checkStacks(root.Key("stacks"))
	if s.PullRequests != nil {
		at := root.Key("pullRequests")
		checkStack(at.Key("stack"), s.PullRequests.Stack)
		if s.State.Protect {
			at.Addf("contradicts state.protect: what is worth protecting is not shown to whoever may push a branch; " +
				"give an environment with reviewers read access")
		}
	}
}

// checkStacks reports what is wrong with what stacks may use.
func (s *Settings) checkStacks(at check.At) {
	names := s.stacks()
	for _, name := range slices.Sorted(maps.Keys(s.Stacks)) {
		here := at.Key(name)
		if !slices.Contains(names, name) {
			here.Addf("is not a stack of environments or pullRequests%s", check.DidYouMean(name, names))
		}
		for i, bucket := range s.Stacks[name].Buckets {
			if !bucketName.MatchString(bucket) {
				here.Key("buckets").Index(i).Addf("%q is not the name of a bucket", bucket)
			}
		}
		here.Key("buckets").Unique("", s.Stacks[name].Buckets)
	}
}

// stacks are the names of the account's stacks, sorted.
func (s *Settings) stacks() []string {
	names := map[string]bool{}
	for _, environment := range s.Environments {
		names[environment.Stack] = true
	}
	if s.PullRequests != nil {
		names[s.PullRequests.Stack] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// checkShared reports stacks of which one is given rights to another one, because they go by names: endpoints end with
// "-" and the stack, and buckets begin with the project, the stack and "-".
func (s *Settings) checkShared(root check.At) {
	all := s.stacks()
	report := func(at check.At, stack string) {
		for _, other := range all {
			if strings.HasSuffix(other, "-"+stack) || strings.HasPrefix(other, stack+"-") {
				at.Key("stack").Addf("%q begins or ends the name of the stack %q in this account, so that its roles would have "+
					"rights to that one, too; rename one of them", stack, other)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Environments)) {
		report(root.Key("environments").Key(name), s.Environments[name].Stack)
	}
	if s.PullRequests != nil {
		report(root.Key("pullRequests"), s.PullRequests.Stack)
	}
}

func checkStack(at check.At, name string) {
	if at.Required(name) && !stackName.MatchString(name) {
		at.Addf("%q is not the name of a stack; expected a lower-case letter, then at most 19 letters, digits and hyphens",
			name)
	}
	if name == stateName || name == releasesName {
		at.Addf("%q names a bucket of this program, to which the stack's roles would have rights", name)
	}
}

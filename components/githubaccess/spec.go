package githubaccess

import (
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/kit/check"
)

// Spec is what a user decides about the repository whose workflows get access.
type Spec struct {
	// Repository is the repository on GitHub, as owner and name, such as "octo/models". Required.
	Repository string `json:"repository"`

	// OwnerID is the number of the owner on GitHub (`gh api users/octo --jq .id`). Tokens of repositories that were made
	// since July 2026 name owner and repository together with their numbers; tokens of older ones do not. Range: 1 and
	// above. Required.
	OwnerID int `json:"ownerId"`

	// RepositoryID is the number of the repository on GitHub (`gh api repos/octo/models --jq .id`). Range: 1 and above.
	// Required.
	RepositoryID int `json:"repositoryId"`

	// ExistingProvider says that the account has an identity provider for GitHub already, of which there can be only
	// one. Default: false, it is created.
	ExistingProvider bool `json:"existingProvider"`
}

// repository is what GitHub accepts as owner and name of a repository.
var repository = regexp.MustCompile(`^[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]+$`)

// Check reports what is wrong.
func (s *Spec) Check(at check.At) {
	if at.Key("repository").Required(s.Repository) && !repository.MatchString(s.Repository) {
		at.Key("repository").Addf("%q is not an owner and a repository, such as \"octo/models\"", s.Repository)
	}
	for _, row := range []struct {
		key string
		id  int
	}{{"ownerId", s.OwnerID}, {"repositoryId", s.RepositoryID}} {
		if row.id < 1 {
			at.Key(row.key).Addf("%d is not the number of anything on GitHub; 1 and above are", row.id)
		}
	}
}

// Args configures an Access.
type Args struct {
	Spec

	// Roles are the roles that jobs may assume, each with a name of its own. Required.
	Roles []Role

	// Keys are the ARNs of keys that guarded roles use at most.
	Keys []pulumi.StringInput

	// Tags are added to provider, roles and policies, on top of the provider's default tags.
	Tags pulumi.StringMapInput
}

// Role is a role for some of the repository's jobs.
type Role struct {
	// Name is the role's name in the program. Required, different for each role.
	Name string
	// Environments are the environments of the repository whose jobs may assume the role.
	Environments []string
	// PullRequests lets every job of a pull request assume the role. GitHub gives such tokens to all branches of the
	// repository, and to no fork. Default: false.
	PullRequests bool
	// Guarded denies the role to change the provider, the roles and their policies, and who may use the keys, whatever its
	// policies allow. It is a policy, too. Default: false.
	Guarded bool
	// Policies are what the role may do: 1 to 10 of them, 9 where it is guarded, each with a name of its own.
	Policies []Policy
}

// Policy is a managed policy.
type Policy struct {
	// Name ends the policy's name in the program.
	Name string
	// Document is the policy as JSON: at most 6,144 characters without white space.
	Document pulumi.StringInput
}

// environmentName is what of GitHub's names of environments needs no escaping in a token's subject.
var environmentName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// CheckEnvironment reports a name that an environment of GitHub cannot have here.
func CheckEnvironment(at check.At, name string) {
	if !environmentName.MatchString(name) {
		at.Addf("%q is not the name of an environment; expected at most 100 letters, digits, dots, hyphens and "+
			"underscores", name)
	}
}

// maxPolicies is IAM's quota of managed policies per role.
const maxPolicies = 10

func (a *Args) check(at check.At) {
	a.Check(at)
	if len(a.Roles) == 0 {
		at.Key("roles").Addf("is required")
	}
	names := make([]string, len(a.Roles))
	for i, role := range a.Roles {
		here := at.Key("roles").Index(i)
		names[i] = role.Name
		here.Key("name").Required(role.Name)
		if len(role.Environments) == 0 && !role.PullRequests {
			here.Addf("can be assumed by nobody; give it environments or pullRequests")
		}
		for j, environment := range role.Environments {
			CheckEnvironment(here.Key("environments").Index(j), environment)
		}
		most := maxPolicies
		if role.Guarded {
			most--
		}
		if n := len(role.Policies); n < 1 || n > most {
			here.Key("policies").Addf("has %d entries; 1 to %d are allowed", n, most)
		}
	}
	at.Key("roles").Unique("name", names)
}

package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// Keys of the AWS provider that these settings depend on.
const (
	regionKey      = "aws:region"
	accountsKey    = "aws:allowedAccountIds"
	defaultTagsKey = "aws:defaultTags"
)

// regionForm is what AWS calls its regions, in every partition: "eu-west-1", "us-gov-west-1", "eusc-de-east-1".
var regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$`)

// checkProvider reports what is wrong with the region, the accounts and the tags of everything. Uploads says that the
// stack has objects in Amazon S3.
func checkProvider(source Source, uploads bool) check.Problems {
	at := check.New("aws:")
	region, given := source.Config[regionKey]
	switch here := at.Key("region"); {
	case source.secret(regionKey):
	case !given || region == "":
		here.Addf(`is required: the AWS region of the stack, such as "eu-west-1"`)
	case !regionForm.MatchString(region):
		here.Addf(`%q is not the name of an AWS region; expected one like "eu-west-1"`, region)
	}
	if !source.secret(accountsKey) {
		awsref.ParseAccounts(at.Key("allowedAccountIds"), source.Config[accountsKey])
	}
	tags, given := source.Config[defaultTagsKey]
	if given && !source.secret(defaultTagsKey) {
		checkDefaultTags(at.Key("defaultTags"), tags, uploads)
	}
	return at.Problems()
}

// place is where the stack is. What is not told or malformed is empty.
func (s Source) place() awsref.Place {
	place := awsref.Place{Region: s.Config[regionKey]}
	at := check.New("aws:")
	if accounts := awsref.ParseAccounts(at, s.Config[accountsKey]); at.Err() == nil {
		place.Accounts = accounts
	}
	return place
}

// uploads reports whether the stack puts objects into Amazon S3: archives, and the folder of many models.
func (s *Settings) uploads() bool {
	for _, m := range s.Models {
		for _, stage := range m.Stages() {
			if stage.WantsURI() {
				return true
			}
		}
	}
	return false
}

// secret reports whether the value of a key, or a part of it, is encrypted.
func (s Source) secret(key string) bool { return s.Secret != nil && s.Secret(key) }

// How many tags a resource takes (Amazon S3 user guide, "Categorizing your storage using tags"; tagging limits of the
// AWS General Reference), and how many of them are the stack's own: "sagehost:stack" and what the resource belongs to,
// and on models "sagehost:release", too.
const (
	maxObjectTags   = 10
	ownObjectTags   = 2
	maxResourceTags = 50
	ownResourceTags = 3
)

// checkDefaultTags reports what the strictest resource of the stack would refuse.
func checkDefaultTags(at check.At, text string, uploads bool) {
	var given map[string]any
	if json.Unmarshal([]byte(text), &given) != nil {
		at.Addf("is not an object with the key tags")
		return
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if key != "tags" {
			at.Key(key).Addf("is an unknown key%s; expected tags", check.DidYouMean(key, []string{"tags"}))
		}
	}
	at = at.Key("tags")
	tags, ok := given["tags"].(map[string]any)
	if !ok {
		at.Addf("is not an object of tags by key")
		return
	}
	most, what := maxResourceTags-ownResourceTags, fmt.Sprintf("a model takes %d", maxResourceTags)
	own := ownResourceTags
	if uploads {
		most, what, own = maxObjectTags-ownObjectTags,
			fmt.Sprintf("an object in Amazon S3, which a model's archive is, takes %d", maxObjectTags), ownObjectTags
	}
	if n := len(tags); n > most {
		at.Addf("has %d tags; at most %d are allowed, as %s, of which %d are the stack's own", n, most, what, own)
	}
	lower := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		here := at.Key(key)
		checkTag(here, key, tags[key])
		if other, taken := lower[strings.ToLower(key)]; taken {
			here.Addf("differs from %q in case only, which IAM ignores in the keys of a role's tags", other)
		}
		lower[strings.ToLower(key)] = key
	}
}

// checkTag reports a tag that one of AWS's services would refuse (service models, TagKey and TagValue).
func checkTag(at check.At, key string, value any) {
	switch problem := limits.StringProblem("TagKey", key); {
	case key == "":
		at.Addf("the key is empty")
	case problem != "":
		at.Addf("the key %s", problem)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		at.Addf(`the key begins with "aws:", which AWS keeps for itself`)
	case strings.HasPrefix(strings.ToLower(key), Namespace+":"):
		at.Addf("the key begins with %q, which tells what a resource belongs to", Namespace+":")
	}
	switch value := value.(type) {
	case string:
		if problem := limits.StringProblem("TagValue", value); problem != "" {
			at.Addf("%s", problem)
		}
	case nil, map[string]any, []any:
		at.Addf("%s is not text", kind(value))
	}
}

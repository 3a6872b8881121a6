package sagemaker

import (
	"slices"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// maxTags is how many tags a resource can have.
const maxTags = 50

// Tagged is things with tags that others keep.
type Tagged interface {
	// Tags are those of a thing; ok is false when the ARN is of none.
	Tags(arn string) (tags []awsjson.Object, ok bool)
	// SetTags replaces them.
	SetTags(arn string, tags []awsjson.Object) (ok bool, err error)
}

// mine leaves the tags of things that nobody here keeps, such as pipelines, to others.
func (f *Fake) mine(c awsjson.Call) bool {
	resource := c.Input.Text("ResourceArn")
	if !strings.HasPrefix(resource, "arn:") {
		return true
	}
	if _, isKind := kindOf(resource); isKind || f.tagged == nil {
		return isKind
	}
	_, theirs := f.tagged.Tags(resource)
	return theirs
}

// kindOf is the kind that an ARN is of, by the part between the account and the first slash.
func kindOf(resource string) (kind, bool) {
	parts := strings.SplitN(resource, ":", 6)
	path, _, _ := strings.Cut(parts[len(parts)-1], "/")
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.path == path })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

// tagged finds the record that a request about tags names. What others keep gets a record for as long as the request.
func (c call) tagged() (*record, error) {
	resource := c.in.Text("ResourceArn")
	k, ok := kindOf(resource)
	if !ok && c.fake.tagged != nil {
		if tags, theirs := c.fake.tagged.Tags(resource); theirs {
			return &record{ARN: resource, Tags: tags}, nil
		}
	}
	if !ok {
		return nil, awsjson.Invalid("1 validation error detected: Value '%s' at 'resourceArn' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+", resource)
	}
	_, name, _ := strings.Cut(resource, "/")
	found, err := c.find(k, name)
	if err != nil || !strings.EqualFold(found.ARN, resource) {
		return nil, awsjson.Invalid(k.missing, resource)
	}
	return found, nil
}

func (c call) addTags() (awsjson.Object, error) {
	found, err := c.tagged()
	if err != nil {
		return nil, err
	}
	if err := found.tag(c.in.Objects("Tags")); err != nil {
		return nil, err
	}
	return awsjson.Object{"Tags": found.Tags}, c.keepTags(found)
}

// keepTags hands the tags of what others keep back to them.
func (c call) keepTags(found *record) error {
	if found.kind != (kind{}) {
		return nil
	}
	_, err := c.fake.tagged.SetTags(found.ARN, found.Tags)
	return err
}

// tag adds tags, or changes the values of those that are there.
func (r *record) tag(tags []awsjson.Object) error {
	result := slices.Clone(r.Tags)
	for _, tag := range tags {
		key := tag.Text("Key")
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return awsjson.Invalid("aws: prefixed tag key names are not allowed for external use.")
		}
		if i := slices.IndexFunc(result, func(t awsjson.Object) bool { return t.Text("Key") == key }); i >= 0 {
			result[i] = tag
		} else {
			result = append(result, tag)
		}
	}
	if len(result) > maxTags {
		return awsjson.Errorf("ResourceLimitExceeded", "%q would have %d tags; at most %d are allowed.",
			r.ARN, len(result), maxTags)
	}
	r.Tags = result
	return nil
}

func (c call) listTags() (awsjson.Object, error) {
	found, err := c.tagged()
	if err != nil {
		return nil, err
	}
	// The smallest page that AWS allows holds all the tags that a resource can have.
	part, _, err := protocol.Page(found.Tags, c.in.Text("NextToken"), maxTags)
	if err != nil {
		return nil, awsjson.Invalid("The NextToken is not valid.")
	}
	return awsjson.Object{"Tags": append([]awsjson.Object{}, part...)}, nil
}

func (c call) deleteTags() (awsjson.Object, error) {
	found, err := c.tagged()
	if err != nil {
		return nil, err
	}
	keys := c.in.Texts("TagKeys")
	found.Tags = slices.DeleteFunc(slices.Clone(found.Tags), func(t awsjson.Object) bool {
		return slices.Contains(keys, t.Text("Key"))
	})
	return awsjson.Object{}, c.keepTags(found)
}

package stepfunctions

import (
	"slices"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// maxTags is how many tags a resource can have.
const maxTags = 50

// checkTags refuses tags that AWS does not take.
func checkTags(resource string, tags []awsjson.Object) error {
	for _, tag := range tags {
		if key := tag.Text("key"); key == "" || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return awsjson.Invalid("Invalid tag key: '%s'", key)
		}
	}
	if len(tags) > maxTags {
		return awsjson.Errorf("TooManyTags", "Too many tags: '%s'", resource)
	}
	return nil
}

// tagged finds the state machine that a request about tags names.
func (c call) tagged() (*machine, error) {
	text := c.in.Text("resourceArn")
	if err := checkARN(text, machineKind); err != nil {
		return nil, err
	}
	m := c.machines[text]
	if m == nil || m.Region != c.region {
		return nil, awsjson.Errorf("ResourceNotFound", "Resource not found: '%s'", text)
	}
	return m, nil
}

func (c call) tag() (awsjson.Object, error) {
	m, err := c.tagged()
	if err != nil {
		return nil, err
	}
	tags := slices.Clone(m.Tags)
	for _, tag := range c.in.Objects("tags") {
		tags = append(without(tags, tag.Text("key")), tag)
	}
	if err := checkTags(m.arn(), tags); err != nil {
		return nil, err
	}
	m.Tags = tags
	return awsjson.Object{}, c.save()
}

func (c call) untag() (awsjson.Object, error) {
	m, err := c.tagged()
	if err != nil {
		return nil, err
	}
	for _, key := range c.in.Texts("tagKeys") {
		m.Tags = without(m.Tags, key)
	}
	return awsjson.Object{}, c.save()
}

// without is the tags but one.
func without(tags []awsjson.Object, key string) []awsjson.Object {
	var rest []awsjson.Object
	for _, tag := range tags {
		if tag.Text("key") != key {
			rest = append(rest, tag)
		}
	}
	return rest
}

func (c call) listTags() (awsjson.Object, error) {
	m, err := c.tagged()
	if err != nil {
		return nil, err
	}
	// An empty list must not become null.
	return awsjson.Object{"tags": append([]awsjson.Object{}, m.Tags...)}, nil
}

package autoscaling

import (
	"maps"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// maxTags is how many tags a scalable target can have.
const maxTags = 50

// tagged finds the target that a request about tags names.
func (c call) tagged() (*target, error) {
	resource := c.in.Text("ResourceARN")
	for _, t := range c.targets {
		if t.arn() == resource {
			return t, nil
		}
	}
	return nil, awsjson.Errorf("ResourceNotFoundException", "No scalable target found for resource ARN: %s", resource)
}

func (c call) tag() (awsjson.Object, error) {
	t, err := c.tagged()
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(t.Tags)
	maps.Copy(tags, c.in.Object("Tags"))
	for name := range tags {
		if strings.HasPrefix(strings.ToLower(name), "aws:") {
			return nil, awsjson.Invalid("Tag keys must not start with aws: %s", name)
		}
	}
	if len(tags) > maxTags {
		return nil, awsjson.Errorf("TooManyTagsException", "The scalable target would have %d tags; at most %d are allowed.",
			len(tags), maxTags)
	}
	t.Tags = tags
	return awsjson.Object{}, nil
}

func (c call) untag() (awsjson.Object, error) {
	t, err := c.tagged()
	if err != nil {
		return nil, err
	}
	// Answers that are still being written share the old map.
	t.Tags = maps.Clone(t.Tags)
	for _, name := range c.in.Texts("TagKeys") {
		delete(t.Tags, name)
	}
	return awsjson.Object{}, nil
}

func (c call) listTags() (awsjson.Object, error) {
	t, err := c.tagged()
	if err != nil {
		return nil, err
	}
	return awsjson.Object{"Tags": t.Tags}, nil
}

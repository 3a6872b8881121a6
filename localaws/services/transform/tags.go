package transform

import (
	"slices"
	"strings"

	"sagehost/localaws/protocol/awsjson"
)

// Tags are the tags of a job; ok is false when the ARN is of none.
func (j *Jobs) Tags(arn string) (tags []awsjson.Object, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if found := j.byARN(arn); found != nil {
		return slices.Clone(found.Tags), true
	}
	return nil, false
}

// SetTags replaces the tags of a job; ok is false when the ARN is of none. The tags are taken as they are.
func (j *Jobs) SetTags(arn string, tags []awsjson.Object) (ok bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := j.byARN(arn)
	if found == nil {
		return false, nil
	}
	found.Tags = slices.Clone(tags)
	return true, j.save()
}

func (j *Jobs) byARN(arn string) *job {
	for _, t := range j.jobs {
		if strings.EqualFold(t.arn(), arn) {
			return t
		}
	}
	return nil
}

// checkTags refuses what AddTags would.
func checkTags(tags []awsjson.Object) error {
	for _, tag := range tags {
		if strings.HasPrefix(strings.ToLower(tag.Text("Key")), "aws:") {
			return awsjson.Invalid("aws: prefixed tag key names are not allowed for external use.")
		}
	}
	return nil
}

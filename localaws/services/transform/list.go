package transform

import (
	"cmp"
	"slices"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// defaultPage is how many jobs a listing has when the request does not say.
const defaultPage = 10

func (j *Jobs) list(c awsjson.Call) (awsjson.Object, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []*job
	for _, t := range j.jobs {
		if t.Region == c.Region && wanted(c.Input, t) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, order(c.Input))
	size := cmp.Or(int(c.Input.Number("MaxResults")), defaultPage)
	part, next, err := protocol.Page(found, c.Input.Text("NextToken"), size)
	if err != nil {
		return nil, awsjson.Invalid("The NextToken is not valid.")
	}
	summaries := make([]awsjson.Object, len(part))
	for i, t := range part {
		summaries[i] = t.summary("TransformEndTime", "LastModifiedTime")
	}
	out := awsjson.Object{"TransformJobSummaries": summaries}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

// wanted applies the filters of a listing.
func wanted(in awsjson.Object, t *job) bool {
	status := in.Text("StatusEquals")
	return strings.Contains(t.Name, in.Text("NameContains")) && (status == "" || status == t.Status) &&
		in.Within("CreationTime", t.Created) && in.Within("LastModifiedTime", t.Modified)
}

// order sorts as asked: by age unless the request says otherwise, the newest first.
func order(in awsjson.Object) func(a, b *job) int {
	by := map[string]func(a, b *job) int{
		"Name":   func(a, b *job) int { return cmp.Compare(a.Name, b.Name) },
		"Status": func(a, b *job) int { return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Name, b.Name)) },
	}[in.Text("SortBy")]
	if by == nil {
		by = (*job).older
	}
	if in.Text("SortOrder") == "Ascending" {
		return by
	}
	return func(a, b *job) int { return by(b, a) }
}

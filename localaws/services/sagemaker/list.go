package sagemaker

import (
	"cmp"
	"slices"
	"strings"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// defaultPage is how many records a listing has when the request does not say.
const defaultPage = 10

func (c call) listModels() (awsjson.Object, error)    { return c.list(models) }
func (c call) listConfigs() (awsjson.Object, error)   { return c.list(configs) }
func (c call) listEndpoints() (awsjson.Object, error) { return c.list(endpoints) }

func (c call) list(k kind) (awsjson.Object, error) {
	found := slices.DeleteFunc(c.all(k), func(r *record) bool { return !c.wanted(r) })
	slices.SortFunc(found, c.order(k))
	size := int(c.in.Number("MaxResults"))
	if size == 0 {
		size = defaultPage
	}
	part, next, err := protocol.Page(found, c.in.Text("NextToken"), size)
	if err != nil {
		return nil, awsjson.Invalid("The NextToken is not valid.")
	}
	summaries := make([]awsjson.Object, len(part))
	for i, r := range part {
		summaries[i] = r.summary()
	}
	out := awsjson.Object{k.listed: summaries}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

// wanted applies the filters of a listing.
func (c call) wanted(r *record) bool {
	if !strings.Contains(r.family(), c.in.Text("NameContains")) || !c.in.Within("CreationTime", r.Created) {
		return false
	}
	if r.kind == packages {
		return c.wantedPackage(r)
	}
	if r.Life == nil {
		return c.in.Text("CrossAccountFilterOption") != "CrossAccount"
	}
	status := c.in.Text("StatusEquals")
	return (status == "" || status == r.Life.status()) && c.in.Within("LastModifiedTime", r.Life.Modified)
}

// order sorts as asked. Records that tie are in the order of their names, so that pages are stable.
func (c call) order(k kind) func(a, b *record) int {
	ascending := k.ascending
	if asked := c.in.Text("SortOrder"); asked != "" {
		ascending = asked == "Ascending"
	}
	return func(a, b *record) int {
		var result int
		switch c.in.Text("SortBy") {
		case "Name":
		case "Status":
			result = cmp.Compare(a.Life.status(), b.Life.status())
		default:
			result = a.Created.Compare(b.Created)
		}
		result = cmp.Or(result, cmp.Compare(a.family(), b.family()), cmp.Compare(a.Version, b.Version))
		if ascending {
			return result
		}
		return -result
	}
}

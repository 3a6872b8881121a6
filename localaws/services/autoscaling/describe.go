package autoscaling

import (
	"cmp"
	"maps"
	"slices"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// maxPage is how many entries an answer has at most, and how many when the request does not say.
const maxPage = 50

func (c call) describeTargets() (awsjson.Object, error) {
	wanted := c.in.Texts("ResourceIds")
	var list []awsjson.Object
	for _, t := range c.sorted() {
		if len(wanted) == 0 || slices.Contains(wanted, t.Key.Resource) {
			list = append(list, t.describe())
		}
	}
	return c.page("ScalableTargets", list)
}

func (c call) describePolicies() (awsjson.Object, error) {
	return c.describeParts("ScalingPolicies", "PolicyNames",
		func(t *target) map[string]awsjson.Object { return t.Policies })
}

func (c call) describeActions() (awsjson.Object, error) {
	return c.describeParts("ScheduledActions", "ScheduledActionNames",
		func(t *target) map[string]awsjson.Object { return t.Actions })
}

// describeParts lists policies or actions, narrowed by their names and their target.
func (c call) describeParts(
	member, filter string, parts func(*target) map[string]awsjson.Object,
) (awsjson.Object, error) {
	resource, wanted := c.in.Text("ResourceId"), c.in.Texts(filter)
	if err := c.checkFilter(); err != nil {
		return nil, err
	}
	var list []awsjson.Object
	for _, t := range c.sorted() {
		if resource != "" && resource != t.Key.Resource {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(parts(t))) {
			if len(wanted) == 0 || slices.Contains(wanted, name) {
				list = append(list, parts(t)[name])
			}
		}
	}
	return c.page(member, list)
}

func (c call) checkFilter() error {
	if !c.in.Has("ResourceId") && c.in.Has("ScalableDimension") {
		return awsjson.Invalid("ResourceId must be specified together with ScalableDimension.")
	}
	return nil
}

// sorted lists the targets of the request's region and dimension.
func (c call) sorted() []*target {
	var list []*target
	dimension := c.in.Text("ScalableDimension")
	for k, t := range c.targets {
		if k.Region == c.region && (dimension == "" || dimension == k.Dimension) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *target) int {
		return cmp.Or(cmp.Compare(a.Key.Resource, b.Key.Resource), cmp.Compare(a.Key.Dimension, b.Key.Dimension))
	})
	return list
}

func (c call) page(member string, list []awsjson.Object) (awsjson.Object, error) {
	size := int(c.in.Number("MaxResults"))
	if size == 0 {
		size = maxPage
	}
	part, next, err := protocol.Page(list, c.in.Text("NextToken"), size)
	if err != nil {
		return nil, awsjson.Errorf("InvalidNextTokenException", "The next token supplied was invalid.")
	}
	// An empty list must not become null.
	out := awsjson.Object{member: append([]awsjson.Object{}, part...)}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

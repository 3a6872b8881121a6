package sagemaker

import (
	"strings"
	"time"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// kind is what a record is of.
type kind struct {
	// path names the kind in ARNs.
	path string
	// member starts its members of requests and answers, such as ModelName and ModelArn.
	member string
	// listed is the member of a listing.
	listed string
	// ascending is the order of a listing that is not told which.
	ascending bool
	// missing and taken say of an ARN that there is nothing, or something already.
	missing, taken string
}

var (
	models = kind{
		path: "model", member: "Model", listed: "Models",
		missing: "Could not find model %q.", taken: "Cannot create already existing model %q.",
	}
	configs = kind{
		path: "endpoint-config", member: "EndpointConfig", listed: "EndpointConfigs",
		missing: "Could not find endpoint configuration %q.",
		taken:   "Cannot create already existing endpoint configuration %q.",
	}
	endpoints = kind{
		path: "endpoint", member: "Endpoint", listed: "Endpoints",
		missing: "Could not find endpoint %q.", taken: "Cannot create already existing endpoint %q.",
	}
	groups = kind{
		path: "model-package-group", member: "ModelPackageGroup", listed: "ModelPackageGroupSummaryList", ascending: true,
		missing: "ModelPackageGroup %s does not exist.", taken: "Model Package Group already exists: %s",
	}
	packages = kind{
		path: "model-package", member: "ModelPackage", listed: "ModelPackageSummaryList", ascending: true,
		missing: "ModelPackage %s does not exist.", taken: "Model Package already exists: %s",
	}
	kinds = []kind{models, configs, endpoints, groups, packages}
)

// record is one thing of a kind. It holds data only, so that it can be kept in a file.
type record struct {
	kind kind
	// Name is what requests call it; that of a version of a model package is "group/version".
	Name    string
	ARN     string
	Created time.Time
	// Body is the request that made it, without its tags.
	Body awsjson.Object
	Tags []awsjson.Object
	// Life is what happens to an endpoint; nil for the other kinds.
	Life *life
	// Unpacked is the containers of a model that is made of model packages; nil for the others.
	Unpacked []awsjson.Object
	// Version is that of a model package, 0 for one without versions, and the newest one of a group.
	Version int
	// Policy is the resource policy of a model package group; empty for none.
	Policy string
	// Modified is when a model package was changed; the zero value for never.
	Modified time.Time
}

// region holds the records of one region. Names are keyed in lower case: AWS writes names into ARNs that way, so names
// that differ only in case collide.
type region struct {
	name    string
	records map[kind]map[string]*record
	// scripts are the failures that were asked for.
	scripts map[occasion]script
}

// region finds or makes a region. The lock must be held.
func (f *Fake) region(name string) *region {
	r := f.regions[name]
	if r == nil {
		r = &region{name: name, records: map[kind]map[string]*record{}, scripts: map[occasion]script{}}
		for _, k := range kinds {
			r.records[k] = map[string]*record{}
		}
		f.regions[name] = r
	}
	return r
}

func (r *region) arn(k kind, name string) string {
	return protocol.ARN("sagemaker", r.name, k.path+"/"+strings.ToLower(name))
}

// find looks a record up and brings an endpoint up to date.
func (c call) find(k kind, name string) (*record, error) {
	key := strings.ToLower(name)
	found := c.records[k][key]
	if found != nil && found.Life != nil {
		c.fake.unsaved = found.Life.settle(c.now) || c.fake.unsaved
		if found.Life.Gone {
			delete(c.records[k], key)
			found = nil
		}
	}
	if found == nil {
		return nil, awsjson.Invalid(k.missing, c.arn(k, name))
	}
	return found, nil
}

// all lists the records of a kind, brought up to date, in no order.
func (c call) all(k kind) []*record {
	var list []*record
	for name := range c.records[k] {
		if found, err := c.find(k, name); err == nil {
			list = append(list, found)
		}
	}
	return list
}

// create stores the request as a new record, under the name that it has.
func (c call) create(k kind) (*record, error) { return c.createAs(k, c.in.Text(k.member+"Name")) }

func (c call) createAs(k kind, name string) (*record, error) {
	if existing, err := c.find(k, name); err == nil {
		return nil, awsjson.Invalid(k.taken, existing.ARN)
	}
	made := &record{
		kind: k, Name: name, ARN: c.arn(k, name), Created: c.now, Body: c.in.Without("Tags"),
	}
	if err := made.tag(c.in.Objects("Tags")); err != nil {
		return nil, err
	}
	c.records[k][strings.ToLower(name)] = made
	return made, nil
}

// remove deletes the record that the request names.
func (c call) remove(k kind) (awsjson.Object, error) {
	found, err := c.find(k, c.in.Text(k.member+"Name"))
	if err != nil {
		return nil, err
	}
	delete(c.records[k], strings.ToLower(found.Name))
	return awsjson.Object{}, nil
}

// describe answers with the request that made the record, its ARN and its time.
func (c call) describe(k kind) (awsjson.Object, error) {
	found, err := c.find(k, c.in.Text(k.member+"Name"))
	if err != nil {
		return nil, err
	}
	return found.Body.With(found.identity()).With(awsjson.Object{"CreationTime": awsjson.Time(found.Created)}), nil
}

// identity is the members that name the record. AWS gives versions of packages no name, whatever its service model
// says.
func (r *record) identity() awsjson.Object {
	out := awsjson.Object{r.kind.member + "Name": r.Name, r.kind.member + "Arn": r.ARN}
	if r.kind == packages && r.Version > 0 {
		delete(out, "ModelPackageName")
	}
	return out
}

package sagemaker

import (
	"strings"
	"time"

	"sagehost/internal/localaws/arn"
	"sagehost/internal/localaws/awsjson"
)

// kind is what a record is of.
type kind struct {
	// words names the kind in messages.
	words string
	// path names it in ARNs.
	path string
	// member starts its members of requests and answers, such as ModelName and ModelArn.
	member string
}

var (
	models    = kind{"model", "model", "Model"}
	configs   = kind{"endpoint configuration", "endpoint-config", "EndpointConfig"}
	endpoints = kind{"endpoint", "endpoint", "Endpoint"}
	kinds     = []kind{models, configs, endpoints}
)

// record is one model, endpoint configuration or endpoint. It holds data only, so that it can be kept in a file.
type record struct {
	kind    kind
	Name    string
	ARN     string
	Created time.Time
	// Body is the request that made it, without its tags.
	Body awsjson.Object
	Tags []awsjson.Object
	// Life is what happens to an endpoint; nil for the other kinds.
	Life *life
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
	return arn.Of("sagemaker", r.name, k.path+"/"+strings.ToLower(name))
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
		return nil, awsjson.Invalid("Could not find %s %q.", k.words, c.arn(k, name))
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

// create stores the request as a new record.
func (c call) create(k kind) (*record, error) {
	name := c.in.Text(k.member + "Name")
	if existing, err := c.find(k, name); err == nil {
		return nil, awsjson.Invalid("Cannot create already existing %s %q.", k.words, existing.ARN)
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

// identity is the members that name the record.
func (r *record) identity() awsjson.Object {
	return awsjson.Object{r.kind.member + "Name": r.Name, r.kind.member + "Arn": r.ARN}
}

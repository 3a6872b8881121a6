package sagemaker

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sagehost/internal/localaws/awsjson"
)

// deployment is an endpoint configuration put to work. It keeps what it needs of the configuration and the models,
// which may be deleted while it runs.
type deployment struct {
	config   *record
	started  time.Time
	variants []*variant
	shadows  []*variant
}

// variant is a fleet at work.
type variant struct {
	name    string
	spec    awsjson.Object
	images  []awsjson.Object
	current capacity
	desired capacity
}

// capacity is what can be changed while a variant runs.
type capacity struct {
	weight json.Number
	count  json.Number
	// serverless is nil for variants on instances.
	serverless awsjson.Object
}

// deploy plans the deployment of a configuration, whose models must exist.
func (c call) deploy(config *record) (*deployment, error) {
	d := &deployment{config: config, started: c.now}
	for member, list := range map[string]*[]*variant{
		"ProductionVariants": &d.variants, "ShadowProductionVariants": &d.shadows,
	} {
		for _, spec := range config.body.Objects(member) {
			v, err := c.newVariant(spec)
			if err != nil {
				return nil, err
			}
			*list = append(*list, v)
		}
	}
	return d, nil
}

func (c call) newVariant(spec awsjson.Object) (*variant, error) {
	v := &variant{name: spec.Text("VariantName"), spec: spec}
	if name := spec.Text("ModelName"); name != "" {
		model, err := c.find(models, name)
		if err != nil {
			return nil, err
		}
		for _, container := range containers(model.body) {
			if image := container.Text("Image"); image != "" {
				v.images = append(v.images, awsjson.Object{
					"SpecifiedImage": image, "ResolvedImage": resolve(image), "ResolutionTime": awsjson.Time(c.now),
				})
			}
		}
	}
	v.desired.weight, _ = spec["InitialVariantWeight"].(json.Number)
	v.desired.count, _ = spec["InitialInstanceCount"].(json.Number)
	v.desired.serverless = spec.Object("ServerlessConfig")
	v.current = v.desired
	return v, nil
}

// resolve makes up the digest of an image that is given by its tag: no registry is asked, but the same image always
// gets the same digest.
func resolve(image string) string {
	if strings.Contains(image, "@") {
		return image
	}
	repository := image
	if colon := strings.LastIndex(image, ":"); colon > strings.LastIndex(image, "/") {
		repository = image[:colon]
	}
	return fmt.Sprintf("%s@sha256:%x", repository, sha256.Sum256([]byte(image)))
}

// variant finds a production variant by its name; nil when there is none.
func (d *deployment) variant(name string) *variant {
	if d == nil {
		return nil
	}
	if i := slices.IndexFunc(d.variants, func(v *variant) bool { return v.name == name }); i >= 0 {
		return d.variants[i]
	}
	return nil
}

// retain takes over what the variants of an older deployment were scaled to.
func (d *deployment) retain(old *deployment, excluded map[string]bool) {
	for _, v := range d.variants {
		before := old.variant(v.name)
		if before == nil {
			continue
		}
		if !excluded["DesiredWeight"] {
			v.desired.weight = before.desired.weight
		}
		if !excluded["DesiredInstanceCount"] && v.desired.count != "" && before.desired.count != "" {
			v.desired.count = before.desired.count
		}
		v.current = v.desired
	}
}

func summaries(variants []*variant) []awsjson.Object {
	list := make([]awsjson.Object, len(variants))
	for i, v := range variants {
		list[i] = v.summary()
	}
	return list
}

// summary describes a variant as DescribeEndpoint does.
func (v *variant) summary() awsjson.Object {
	out := awsjson.Object{"VariantName": v.name}
	for prefix, c := range map[string]capacity{"Current": v.current, "Desired": v.desired} {
		out[prefix+"Weight"] = c.weight
		if c.count != "" {
			out[prefix+"InstanceCount"] = c.count
		}
		if c.serverless != nil {
			out[prefix+"ServerlessConfig"] = c.serverless
		}
	}
	if len(v.images) > 0 {
		out["DeployedImages"] = v.images
	}
	for _, name := range []string{"ManagedInstanceScaling", "RoutingConfig"} {
		if v.spec.Has(name) {
			out[name] = v.spec[name]
		}
	}
	return out
}

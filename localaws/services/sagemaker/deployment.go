package sagemaker

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sagehost/kit/limits"
	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/cloudwatch/containerlogs"
	"sagehost/localaws/world/clock"
)

// deployment is an endpoint configuration put to work. It keeps what it needs of the configuration and the models,
// which may be deleted while it runs.
type deployment struct {
	// ConfigName and Config are the configuration's name and what it says.
	ConfigName string
	Config     awsjson.Object
	Started    time.Time
	Variants   []*variant
	Shadows    []*variant
}

// variant is a fleet at work.
type variant struct {
	Name   string
	Spec   awsjson.Object
	Images []awsjson.Object
	// Model is what its containers are.
	Model   serving.Spec
	Current capacity
	Desired capacity
	// fleet is nil until it is launched.
	fleet *fleet
}

// capacity is what can be changed while a variant runs.
type capacity struct {
	Weight json.Number `json:",omitempty"`
	Count  json.Number `json:",omitempty"`
	// Serverless is nil for variants on instances.
	Serverless awsjson.Object
}

// deploy plans the deployment of a configuration, whose models must exist, to an endpoint.
func (c call) deploy(endpoint string, config *record) (*deployment, error) {
	d := &deployment{ConfigName: config.Name, Config: config.Body, Started: c.now}
	for member, list := range map[string]*[]*variant{
		"ProductionVariants": &d.Variants, "ShadowProductionVariants": &d.Shadows,
	} {
		for _, spec := range config.Body.Objects(member) {
			v, err := c.newVariant(endpoint, spec)
			if err != nil {
				return nil, err
			}
			*list = append(*list, v)
		}
	}
	return d, nil
}

func (c call) newVariant(endpoint string, spec awsjson.Object) (*variant, error) {
	v := &variant{Name: spec.Text("VariantName"), Spec: spec}
	if name := spec.Text("ModelName"); name != "" {
		model, err := c.find(models, name)
		if err != nil {
			return nil, err
		}
		v.Model = servingSpec(c.name, model)
		for _, container := range model.containers() {
			if image := container.Text("Image"); image != "" {
				v.Images = append(v.Images, awsjson.Object{
					"SpecifiedImage": image, "ResolvedImage": c.fake.resolve(image), "ResolutionTime": awsjson.Time(c.now),
				})
			}
		}
	}
	v.Model.Name = endpoint + "/" + v.Name
	v.Model.LogGroup = containerlogs.Endpoints + endpoint
	v.Model.LogStream = v.Name + "/" + containerlogs.InstanceID()
	v.Model.DownloadTimeout = seconds(spec, "ModelDataDownloadTimeoutInSeconds")
	v.Model.HealthTimeout = seconds(spec, "ContainerStartupHealthCheckTimeoutInSeconds")
	v.Model.VolumeBytes = volumeGB(spec) << 30
	v.Desired.Weight, _ = spec["InitialVariantWeight"].(json.Number)
	v.Desired.Count, _ = spec["InitialInstanceCount"].(json.Number)
	v.Desired.Serverless = spec.Object("ServerlessConfig")
	v.Current = v.Desired
	return v, nil
}

func seconds(o awsjson.Object, member string) time.Duration {
	return time.Duration(o.Number(member)) * time.Second
}

// resolve is an image by digest. Where the registry does not know it the digest is made up, and the same image always
// gets the same: containers are programs of this machine, and nobody needs to push them.
func (f *Fake) resolve(image string) string {
	if strings.Contains(image, "@") {
		return image
	}
	repository := image
	if colon := strings.LastIndex(image, ":"); colon > strings.LastIndex(image, "/") {
		repository = image[:colon]
	}
	if f.digest != nil {
		if digest := f.digest(image); digest != "" {
			return repository + "@" + digest
		}
	}
	return fmt.Sprintf("%s@sha256:%x", repository, sha256.Sum256([]byte(image)))
}

// all are the production variants and the shadow variants.
func (d *deployment) all() []*variant {
	if d == nil {
		return nil
	}
	return append(slices.Clip(d.Variants), d.Shadows...)
}

// variant finds a production variant by its name; nil when there is none.
func (d *deployment) variant(name string) *variant {
	if d == nil {
		return nil
	}
	if i := slices.IndexFunc(d.Variants, func(v *variant) bool { return v.Name == name }); i >= 0 {
		return d.Variants[i]
	}
	return nil
}

// retain takes over what the variants of an older deployment were scaled to.
func (d *deployment) retain(old *deployment, excluded map[string]bool) {
	for _, v := range d.Variants {
		before := old.variant(v.Name)
		if before == nil {
			continue
		}
		if !excluded["DesiredWeight"] {
			v.Desired.Weight = before.Desired.Weight
		}
		if !excluded["DesiredInstanceCount"] && v.Desired.Count != "" && before.Desired.Count != "" {
			v.Desired.Count = before.Desired.Count
		}
		v.Current = v.Desired
	}
}

// started reports whether the containers of all variants have started, when the last one did, and why one did not.
func (d *deployment) started() (at time.Time, ready bool, err error) {
	for _, v := range d.all() {
		if v.fleet == nil {
			continue
		}
		moment, ended, failure := v.fleet.ready()
		if failure != nil {
			return time.Time{}, false, failure
		}
		if !ended {
			return time.Time{}, false, nil
		}
		at = clock.Later(at, moment)
	}
	return at, true, nil
}

// close ends the containers.
func (d *deployment) close() {
	for _, v := range d.all() {
		v.fleet.close()
	}
}

const (
	// serverlessGB is the scratch disk of a serverless endpoint ("Deploy models with Amazon SageMaker Serverless
	// Inference", container support).
	serverlessGB = 5
	// localStorageGB bounds what an instance's own disks hold, to what a workstation can serve: they are larger.
	localStorageGB = 64
)

// volumeGB is what the disk of a variant holds; 0 where it is left to SageMaker.
func volumeGB(spec awsjson.Object) int64 {
	switch size := spec.Number("VolumeSizeInGB"); {
	case spec.Has("ServerlessConfig"):
		return serverlessGB
	case size == 0 && limits.InstanceType(spec.Text("InstanceType")).HasLocalStorage():
		return localStorageGB
	default:
		return size
	}
}

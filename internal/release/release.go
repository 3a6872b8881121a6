// Package release reads and writes release manifests: files that name, by digest, everything that makes a model behave
// as it does, what it was made from, and what was measured of it. A manifest is written once; only evidence is added.
package release

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	"sagehost/kit/check"
)

// shortID is how many digits of an id a file's name has.
const shortID = 12

// Release is a model that can be deployed and promoted.
type Release struct {
	// ID is the SHA-256 of the subject's canonical JSON, as 64 lower-case hexadecimal digits. Two releases with the same
	// subject are the same release.
	ID string `json:"id" yaml:"id"`

	// Subject is what is deployed.
	Subject Subject `json:"subject" yaml:"subject"`

	// Source is what it was made from. Required to write the release.
	Source Source `json:"source" yaml:"source"`

	// Supersedes is the id of the release before this one. Default: unset, there is none.
	Supersedes string `json:"supersedes,omitempty" yaml:"supersedes,omitempty"`

	// Digests holds for each value of subject, source and supersedes the SHA-256 of its canonical JSON, by path, such as
	// "subject.containers[0].image". They tell which value was edited; that the subject was edited, the id tells.
	Digests map[string]string `json:"digests" yaml:"digests"`

	// Evidence is what was measured of the subject, oldest first. It is no part of what id and digests cover.
	Evidence []Evidence `json:"evidence,omitempty" yaml:"evidence,omitempty"`
}

// Subject is everything that decides how a model behaves.
type Subject struct {
	// Containers run one after the other on each request. Range: 1 to 15 of them. Required.
	Containers []Container `json:"containers" yaml:"containers"`
}

// Container is an image with what it is given.
type Container struct {
	// Hostname names the container among several: at most 63 letters, digits and hyphens; different for each container,
	// and given for all or for none. Default: unset.
	Hostname string `json:"hostname,omitempty" yaml:"hostname,omitempty"`

	// Image is the image's URI by digest, "name@sha256:…", at most 255 characters. Required.
	Image string `json:"image" yaml:"image"`

	// Artifact is the model's archive. Default: unset, the model is part of the image.
	Artifact *Artifact `json:"artifact,omitempty" yaml:"artifact,omitempty"`

	// Environment is handed to the container: at most 100 entries. Default: none.
	Environment Environment `json:"environment,omitempty" yaml:"environment,omitempty"`
}

// Artifact is one object in Amazon S3.
type Artifact struct {
	// URI is the object's S3 URI. Required.
	URI string `json:"uri" yaml:"uri"`

	// SHA256 is the hash of the object's content, as 64 lower-case hexadecimal digits. Required.
	SHA256 string `json:"sha256" yaml:"sha256"`

	// Size is the length of the object's content, in bytes. Range: 1 and above. Required.
	Size int64 `json:"size" yaml:"size"`
}

// Source is what a release was made from.
type Source struct {
	// Commit is the commit of the model's code, as 40 or 64 lower-case hexadecimal digits. Required.
	Commit string `json:"commit" yaml:"commit"`

	// Builder is who or what built it, such as the address of a CI run. Required.
	Builder string `json:"builder" yaml:"builder"`
}

// Evidence is one measurement of a subject.
type Evidence struct {
	// Gate is what was measured, such as "smoke", "evaluation" or "bake". Required.
	Gate string `json:"gate" yaml:"gate"`

	// Result is pass, measured, inconclusive or fail. Required.
	Result Result `json:"result" yaml:"result"`

	// Subject is the id of the release that was measured: evidence of another one proves nothing of this one. Required.
	Subject string `json:"subject" yaml:"subject"`

	// Stack is the stack in which it was measured. Required.
	Stack string `json:"stack" yaml:"stack"`

	// Local says that it was measured on the local AWS, which proves nothing of AWS. Default: false.
	Local bool `json:"local,omitempty" yaml:"local,omitempty"`

	// At is when the measurement ended, in the form of RFC 3339. Required.
	At time.Time `json:"at" yaml:"at"`

	// Measurements are the numbers, such as "accuracy: 0.97". Default: none.
	Measurements map[string]float64 `json:"measurements,omitempty" yaml:"measurements,omitempty"`

	// Data is the SHA-256 of what it was measured with, such as the held-out set or the file of payloads, as 64 lower-case
	// hexadecimal digits: numbers of different data cannot be compared. Default: unset.
	Data string `json:"data,omitempty" yaml:"data,omitempty"`

	// Arguments are those of the command that measures the same again, without the stack and what is demanded, such as
	// "--data", "held-out.csv". Range: up to 20, of up to 1024 printable characters. Default: none.
	Arguments []string `json:"arguments,omitempty" yaml:"arguments,omitempty"`

	// Detail says what the numbers don't. Default: none.
	Detail string `json:"detail,omitempty" yaml:"detail,omitempty"`
}

// New makes the release of a subject, or says everything that is wrong with it. Its source is still to be given.
func New(subject Subject) (*Release, error) {
	at := check.New("")
	subject.check(at.Key("subject"))
	if err := at.Err(); err != nil {
		return nil, err
	}
	id, err := subject.id()
	if err != nil {
		return nil, err
	}
	return &Release{ID: id, Subject: subject}, nil
}

// Path is the file of a release: `<dir>/<model>/<first 12 digits of the id>.yaml`.
func Path(dir, model, id string) string {
	return filepath.Join(dir, model, Short(id)+".yaml")
}

// id is the hash of the subject.
func (s *Subject) id() (string, error) {
	text, err := canonical(s)
	if err != nil {
		return "", fmt.Errorf("subject: %w", err)
	}
	return digest(text), nil
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Latest is the evidence of a gate from a stack that was gathered last; nil where there is none. With aws, evidence of
// the local AWS does not count.
func (r *Release) Latest(gate, stack string, aws bool) *Evidence {
	var found *Evidence
	for e := range r.Measurements(gate, stack, aws) {
		if found == nil || !e.At.Before(found.At) {
			found = e
		}
	}
	return found
}

// Measurements yields the evidence of a gate from a stack, in the order of the manifest. With aws, evidence of the
// local AWS does not count.
func (r *Release) Measurements(gate, stack string, aws bool) iter.Seq[*Evidence] {
	return func(yield func(*Evidence) bool) {
		for i := range r.Evidence {
			e := &r.Evidence[i]
			if e.Gate == gate && e.Stack == stack && (!aws || !e.Local) && !yield(e) {
				return
			}
		}
	}
}

// Package smoke asks an endpoint golden requests and holds its answers against what is expected.
package smoke

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sagehost/kit/check"
	"sagehost/kit/check/strictyaml"
)

// Folder is where the golden requests of a checkout are, a file for each endpoint.
const Folder = "smoke"

// ErrNone says that an endpoint has no golden requests.
var ErrNone = errors.New("there are no golden requests")

// File is the golden requests of an endpoint: `smoke/<endpoint>.yaml`.
type File struct {
	// Cases are the requests. Range: 1 to 1000 of them. Required.
	Cases []Case `yaml:"cases"`

	// Digest is the SHA-256 of the file and of the files that it names, in its order, in hexadecimal digits.
	Digest string `yaml:"-"`
}

// Case is a request and what is expected of the answer.
type Case struct {
	// Name is what the request is called in reports, different for each. Required.
	Name string `yaml:"name"`

	// Body is the request's body; either it or File is required.
	Body string `yaml:"body"`
	// File is a file with the body, relative to the checkout, of at most 6 MiB.
	File string `yaml:"file"`

	// ContentType is what the body is. Default: text/csv.
	ContentType string `yaml:"contentType"`
	// Accept is what the answer should be. Default: unset, the model decides.
	Accept string `yaml:"accept"`

	// Variant is the production variant to ask. Default: each of them, one after the other.
	Variant string `yaml:"variant"`
	// Model is the archive to ask, of a multi-model endpoint. One that is not there makes the test inconclusive.
	Model string `yaml:"model"`
	// Container is the container to ask, of a pipeline whose containers are asked one by one.
	Container string `yaml:"container"`

	// Requests is how often to ask, for a measure of the latency. Range: 1 to 10000. Default: 1.
	Requests *int `yaml:"requests"`

	// Expect is what every answer must be like.
	Expect Expect `yaml:"expect"`
}

// The limits of a file. A body of more than 6 MiB cannot be sent (InvokeEndpoint).
const (
	maxCases    = 1000
	maxRequests = 10_000
	maxBody     = 6 << 20
)

// Load reads the golden requests of an endpoint from a checkout, and the bodies that they name. The error matches
// ErrNone when the endpoint has no file, and otherwise says everything that is wrong with it.
func Load(root, endpoint string) (*File, error) {
	name := filepath.Join(Folder, endpoint+".yaml")
	text, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("endpoint %q: %w: there is no %s", endpoint, ErrNone, name)
	}
	if err != nil {
		return nil, fmt.Errorf("golden requests: %w", err)
	}
	file, err := Parse(text, func(path string) ([]byte, error) { return readBody(filepath.Join(root, path)) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// Parse reads golden requests, and the bodies that they name through read. The error is check.Problems.
func Parse(text []byte, read func(path string) ([]byte, error)) (*File, error) {
	file, form := &File{}, check.New("")
	strictyaml.Decode(form, text, file)
	content := check.New("")
	hash := sha256.New()
	_, _ = hash.Write(text) // a hash takes everything
	at := content.Key("cases")
	if n := len(file.Cases); n < 1 || n > maxCases {
		at.Addf("has %d entries; 1 to %d are allowed", n, maxCases)
	}
	names := make([]string, len(file.Cases))
	for i := range file.Cases {
		c := &file.Cases[i]
		names[i] = c.Name
		c.check(at.Index(i))
		if c.File == "" {
			continue
		}
		body, err := read(c.File)
		if err != nil {
			at.Index(i).Key("file").Addf("%v", err)
		}
		c.Body = string(body)
		_, _ = hash.Write(body)
	}
	at.Unique("name", names)
	unread := form.Problems()
	if problems := check.Join(unread, content.Problems().Outside(unread)); len(problems) > 0 {
		return nil, problems
	}
	file.Digest = hex.EncodeToString(hash.Sum(nil))
	return file, nil
}

func readBody(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBody {
		return nil, fmt.Errorf("%s has %d bytes; at most %d are allowed", path, info.Size(), maxBody)
	}
	return os.ReadFile(path)
}

func (c *Case) check(at check.At) {
	at.Key("name").Required(c.Name)
	switch {
	case c.Body != "" && c.File != "":
		at.Key("file").Addf("contradicts body; give either")
	case c.Body == "" && c.File == "":
		at.Key("body").Addf("is required, or file")
	case len(c.Body) > maxBody:
		at.Key("body").Addf("has %d bytes; at most %d are allowed", len(c.Body), maxBody)
	}
	if c.Requests != nil {
		check.Between(at.Key("requests"), *c.Requests, 1, maxRequests)
	}
	c.Expect.check(at.Key("expect"))
}

// requests is how often to ask.
func (c *Case) requests() int {
	if c.Requests == nil {
		return 1
	}
	return *c.Requests
}

// contentType is what the body is.
func (c *Case) contentType() string {
	if c.ContentType == "" {
		return "text/csv"
	}
	return c.ContentType
}

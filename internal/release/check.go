package release

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sagehost/kit/check"
	"sagehost/kit/limits"
	"sagehost/kit/s3uri"
)

// Limits of a SageMaker model (ContainerDefinitionList and EnvironmentMap of its service model).
const (
	maxContainers  = 15
	maxEnvironment = 100
)

var (
	hash        = regexp.MustCompile(`^[0-9a-f]{64}$`)
	beginning   = regexp.MustCompile(`^[0-9a-f]{12,64}$`)
	commit      = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	pinnedImage = regexp.MustCompile(`^[^@\s]+@sha256:[0-9a-f]{64}$`)
	modelName   = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`)
)

const (
	notAHash   = "%q is not a hash of 64 lower-case hexadecimal digits"
	notACommit = "%q is not a commit of 40 or 64 lower-case hexadecimal digits"
)

func (r *Release) check(at check.At) {
	r.Subject.check(at.Key("subject"))
	r.Source.Check(at.Key("source"))
	if r.Supersedes != "" {
		checkForm(at.Key("supersedes"), r.Supersedes, hash, notAHash)
	}
	if r.Supersedes != "" && r.Supersedes == r.ID {
		at.Key("supersedes").Addf("is the release itself")
	}
	for i := range r.Evidence {
		r.Evidence[i].check(at.Key("evidence").Index(i), r.ID)
	}
}

// Check reports what is wrong with a source.
func (s *Source) Check(at check.At) {
	checkForm(at.Key("commit"), s.Commit, commit, notACommit)
	checkText(at.Key("builder"), s.Builder)
}

func (s *Subject) check(at check.At) {
	containers := at.Key("containers")
	if n := len(s.Containers); n < 1 || n > maxContainers {
		containers.Addf("has %d entries; 1 to %d are allowed", n, maxContainers)
	}
	hostnames := make([]string, len(s.Containers))
	for i := range s.Containers {
		hostnames[i] = s.Containers[i].Hostname
	}
	named := slices.ContainsFunc(hostnames, func(name string) bool { return name != "" })
	for i := range s.Containers {
		s.Containers[i].check(containers.Index(i), named)
	}
	containers.Unique("hostname", hostnames)
}

// check reports what is wrong with a container. Named says that one of its pipeline has a hostname, so that all must.
func (c *Container) check(at check.At, named bool) {
	if hostname := at.Key("hostname"); c.Hostname != "" {
		if problem := limits.StringProblem("ContainerHostname", c.Hostname); problem != "" {
			hostname.Addf("%s", problem)
		}
	} else if named {
		hostname.Required(c.Hostname)
	}
	image := at.Key("image")
	checkForm(image, c.Image, pinnedImage, "%q is not an image by digest (name@sha256:…)")
	if n := utf8.RuneCountInString(c.Image); n > 255 {
		image.Addf("has %d characters; at most 255 are allowed", n)
	}
	if a := c.Artifact; a != nil {
		artifact := at.Key("artifact")
		checkObject(artifact.Key("uri"), a.URI)
		checkForm(artifact.Key("sha256"), a.SHA256, hash, notAHash)
		if a.Size < 1 {
			artifact.Key("size").Addf("%d is less than 1", a.Size)
		}
	}
	c.checkEnvironment(at.Key("environment"))
}

func (c *Container) checkEnvironment(at check.At) {
	if n := len(c.Environment); n > maxEnvironment {
		at.Addf("has %d entries; at most %d are allowed", n, maxEnvironment)
	}
	for _, key := range slices.Sorted(maps.Keys(c.Environment)) {
		if problem := limits.StringProblem("EnvironmentKey", key); problem != "" {
			at.Key(key).Addf("the name %s", problem)
		}
		value := c.Environment[key]
		if n := utf8.RuneCountInString(value); n > 1024 {
			at.Key(key).Addf("has %d characters; at most 1024 are allowed", n)
		}
		if !utf8.ValidString(value) {
			at.Key(key).Addf("is not UTF-8")
		}
	}
}

// check reports what is wrong with the evidence of the release with this id.
func (e *Evidence) check(at check.At, id string) {
	checkText(at.Key("gate"), e.Gate)
	checkText(at.Key("stack"), e.Stack)
	CheckResult(at.Key("result"), e.Result)
	if subject := at.Key("subject"); subject.Required(e.Subject) && e.Subject != id {
		subject.Addf("%q is another release", e.Subject)
	}
	if e.At.IsZero() {
		at.Key("at").Addf("is required")
	}
	if e.Data != "" {
		checkForm(at.Key("data"), e.Data, hash, notAHash)
	}
	checkArguments(at.Key("arguments"), e.Arguments)
	checkPrintable(at.Key("detail"), e.Detail)
	for _, key := range slices.Sorted(maps.Keys(e.Measurements)) {
		at := at.Key("measurements").Key(key)
		checkText(at, key)
		if x := e.Measurements[key]; math.IsNaN(x) || math.IsInf(x, 0) {
			at.Addf("%v is not a number", x)
		}
	}
}

// The limits of the arguments of a command.
const (
	maxArguments      = 20
	maxArgumentLength = 1024
)

func checkArguments(at check.At, arguments []string) {
	if len(arguments) > maxArguments {
		at.Addf("has %d entries; at most %d are allowed", len(arguments), maxArguments)
		return
	}
	for i, argument := range arguments {
		at := at.Index(i)
		checkPrintable(at, argument)
		if n := utf8.RuneCountInString(argument); n > maxArgumentLength {
			at.Addf("has %d characters; at most %d are allowed", n, maxArgumentLength)
		}
	}
}

// checkObject reports what is not the URI of an object.
func checkObject(at check.At, uri string) {
	location, ok := s3uri.Parse(uri)
	if at.Required(uri) && (!ok || !location.NamesBucket() || location.Key == "" || strings.ContainsAny(uri, "? \t\r\n") ||
		!utf8.ValidString(uri) || !printable(uri)) {
		at.Addf("%q is not an object in Amazon S3; expected one like \"s3://bucket/path/model.tar.gz\"", uri)
	}
}

// checkForm reports a value that is missing or does not have its form; the problem has a %q for the value.
func checkForm(at check.At, value string, form *regexp.Regexp, problem string) {
	if at.Required(value) && (!form.MatchString(value) || !utf8.ValidString(value) || !printable(value)) {
		at.Addf(problem, value)
	}
}

func checkText(at check.At, value string) {
	if at.Required(value) {
		checkPrintable(at, value)
	}
}

func checkPrintable(at check.At, value string) {
	if !utf8.ValidString(value) || !printable(value) {
		at.Addf("%q is not one line of printable characters", value)
	}
}

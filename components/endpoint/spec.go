package endpoint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/s3uri"
)

// maxVariants is how many production variants an endpoint configuration takes.
const maxVariants = 10

// HighAvailabilityInstances is how many instances a variant needs for SageMaker to spread it over availability zones.
const HighAvailabilityInstances = 2

// Spec is what a user decides about an endpoint, apart from its variants.
type Spec struct {
	// HighAvailability demands that every variant on instances has at least two at all times, which SageMaker spreads
	// over availability zones. Default: false.
	HighAvailability bool `json:"highAvailability"`

	// Protect makes Pulumi refuse to delete or replace the endpoint. Updates to new models go on. Default: false.
	Protect bool `json:"protect"`

	// Async queues requests of up to 1 GB, which clients put into Amazon S3, and writes the answers there. Not with
	// serverless, several variants, a shadow, data capture, nor models of several containers or archives, or of AWS
	// Marketplace.
	// Default: unset, clients wait for their answers.
	Async *Async `json:"async"`

	// DataCapture keeps requests and answers in Amazon S3. Not with serverless or async. Default: unset, nothing is
	// kept.
	DataCapture *DataCapture `json:"dataCapture"`

	// KMSKeyARN is the KMS key that encrypts the volumes of the instances, or the storage of a serverless variant. Not
	// with instance types that have disks of their own, which encrypt themselves. Default: unset, the stack's key where
	// there is one and no instances have disks of their own, otherwise a key of SageMaker's.
	KMSKeyARN string `json:"kmsKeyArn" aws:"kmsKey"`

	// Update is how a new configuration comes into service, and what takes it out again. It belongs to the first
	// deployment: to add or to remove it later replaces the endpoint, with an outage, and so does a change of the
	// variants' names under it; protect refuses both. To do without rollbacks for a while, set its rollback to false. Any
	// other change of it, but of rollbackThresholds, updates the endpoint once, by the new policy. Not with serverless or
	// ml.inf1 instances. Default: unset, all at once and without a look at alarms.
	Update *Update `json:"update"`
}

// Check reports what is wrong with an endpoint and its variants. Names of models are not looked at.
func (s *Spec) Check(at check.At, variants []Variant, shadow *Variant) {
	list := at.Key("variants")
	if n := len(variants); n < 1 || n > maxVariants {
		list.Addf("has %d entries; 1 to %d are allowed", n, maxVariants)
	}
	names := make([]string, len(variants))
	for i := range variants {
		variants[i].check(list.Index(i), s.HighAvailability)
		names[i] = variants[i].Name
	}
	list.UniqueFold("name", names)
	checkTraffic(list, variants)
	if shadow != nil {
		// A shadow's answers reach nobody, so that it needs no second instance.
		shadow.check(at.Key("shadow"), false)
		for _, name := range names {
			if name != "" && strings.EqualFold(name, shadow.Name) {
				at.Key("shadow").Key("name").Addf("%q is the name of a production variant, too", name)
			}
		}
	}
	if s.Async != nil {
		s.Async.check(at.Key("async"))
	}
	if s.DataCapture != nil {
		s.DataCapture.check(at.Key("dataCapture"))
	}
	if s.Update != nil {
		s.Update.check(at.Key("update"), s.Async != nil, variants)
	}
	if s.KMSKeyARN != "" {
		awsref.KMSKey.CheckForm(at.Key("kmsKeyArn"), s.KMSKeyARN)
	}
	checkExclusions(at, s, variants, shadow)
}

// checkTraffic reports variants that no request can reach: a variant's share is its weight of the sum of all weights
// (API reference, ProductionVariant: InitialVariantWeight).
func checkTraffic(list check.At, variants []Variant) {
	weighs := func(v Variant) bool { return v.TrafficWeight() != 0 }
	if len(variants) > 0 && !slices.ContainsFunc(variants, weighs) {
		at := list
		if len(variants) == 1 {
			at = list.Index(0).Key("weight")
		}
		at.Addf("no variant would get a request, as the weight of each is 0")
	}
}

// maxLocation leaves room for the folder of failures in the 512 characters that SageMaker takes (DestinationS3Uri).
const maxLocation = 512 - len("/"+failures)

func checkLocation(at check.At, uri string) {
	if uri == "" {
		return
	}
	location, ok := s3uri.Parse(uri)
	if !ok || !location.NamesBucket() {
		// The query of a presigned URL is a credential.
		shown, _, _ := strings.Cut(uri, "?")
		at.Addf(`%q is not a place in Amazon S3; expected one like "s3://bucket/path/"`, shown)
	} else if n := utf8.RuneCountInString(location.String()); n > maxLocation {
		at.Addf("%q has %d characters; at most %d are allowed", uri, n, maxLocation)
	}
}

package awsprovider

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// suffixLength is the number of random characters that pulumi-aws adds to a logical name.
const suffixLength = 7

// naming is how pulumi-aws names a resource whose program gave no name.
type naming struct {
	property string
	// prefix is the property that stands against a generated name, if the resource has one.
	prefix string
	max    int
	lower  bool
	// bare is a logical name without a suffix.
	bare bool
}

// namings are the resources whose name property is not "name" on the bridge, which names all others itself.
var namings = map[string]naming{
	"aws:cloudwatch/metricAlarm:MetricAlarm": {property: "name", max: 255},
	"aws:s3/bucketObjectv2:BucketObjectv2":   {property: "key", max: 1024, bare: true},
	"aws:s3/bucketV2:BucketV2":               {property: "bucket", prefix: "bucketPrefix", max: 63, lower: true},
}

// autoname fills in the name of a resource, in pulumi-aws's words: the name it has, else its logical name and, of
// most, seven characters from the engine's seed. The engine shows no old properties when it replaces a resource, so the
// replacement gets a new name. A logical name that leaves no room for the suffix is an error.
func autoname(check *pulumirpc.CheckRequest) error {
	n, ok := namings[typeOf(check.GetUrn())]
	if !ok {
		return nil
	}
	if has(check.GetNews(), n.property) || has(check.GetNews(), n.prefix) {
		return nil
	}
	name := check.GetOlds().GetFields()[n.property].GetStringValue()
	if name == "" {
		var err error
		if name, err = n.generate(check); err != nil {
			return fmt.Errorf("%s: %w", check.GetUrn(), err)
		}
	}
	if check.GetNews() == nil {
		check.News = &structpb.Struct{}
	}
	if check.News.Fields == nil {
		check.News.Fields = map[string]*structpb.Value{}
	}
	check.News.Fields[n.property] = structpb.NewStringValue(name)
	return nil
}

// generate follows the engine's autonaming settings where a stack has them.
func (n naming) generate(check *pulumirpc.CheckRequest) (string, error) {
	settings := check.GetAutonaming()
	switch {
	case settings == nil && n.bare:
		return resource.URN(check.GetUrn()).Name(), nil
	case settings == nil:
		prefix := n.cased(resource.URN(check.GetUrn()).Name()) + "-"
		return resource.NewUniqueName(check.GetRandomSeed(), prefix, suffixLength, n.max, nil)
	case settings.GetMode() == pulumirpc.CheckRequest_AutonamingOptions_DISABLE:
		return "", fmt.Errorf("automatic naming is off and %s is not set", n.property)
	case settings.GetMode() == pulumirpc.CheckRequest_AutonamingOptions_ENFORCE:
		return settings.GetProposedName(), nil
	}
	proposed := n.cased(settings.GetProposedName())
	if len(proposed) > n.max {
		return "", fmt.Errorf("%s %q is longer than %d characters", n.property, proposed, n.max)
	}
	return proposed, nil
}

func (n naming) cased(name string) string {
	if n.lower {
		return strings.ToLower(name)
	}
	return name
}

// has reports whether a bag sets a property to anything but null.
func has(bag *structpb.Struct, property string) bool {
	value, ok := bag.GetFields()[property]
	if !ok {
		return false
	}
	_, null := value.GetKind().(*structpb.Value_NullValue)
	return !null
}

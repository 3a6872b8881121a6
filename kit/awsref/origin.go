package awsref

import (
	"regexp"

	"sagehost/kit/s3uri"
)

// origin is where a reference says that something is; what it does not say is empty.
type origin struct {
	partition, region, account string
}

// parser finds out where a text says that something is; ok is false for a text that names nothing of the kind.
type parser func(text string) (from origin, ok bool)

// arn reads ARNs of a service. The patterns are for the region, the account and the resource as a whole.
func arn(service, resource string) parser {
	return parseARN(service, `[a-z0-9-]+`, `\d{12}`, resource)
}

// globalARN reads ARNs of a service that is the same in all regions of a partition.
func globalARN(service, account, resource string) parser {
	return parseARN(service, "", account, resource)
}

func parseARN(service, region, account, resource string) parser {
	form := regexp.MustCompile(
		`^arn:(aws[a-z-]*):` + service + `:(` + region + `):(` + account + `):(?:` + resource + `)$`)
	return func(text string) (origin, bool) {
		m := form.FindStringSubmatch(text)
		if m == nil {
			return origin{}, false
		}
		from := origin{partition: m[1], region: m[2], account: m[3]}
		its, known := PartitionOf(from.region)
		return from, !known || its.ID == from.partition
	}
}

func parseRegistry(uri string) (origin, bool) {
	image, err := ParseImage(uri)
	if err != nil {
		return origin{}, false
	}
	partition, _ := PartitionOf(image.Region)
	return origin{partition: partition.ID, region: image.Region, account: image.Account}, true
}

// jumpStart matches the buckets from which AWS hands out the models of SageMaker JumpStart, one in each region.
var jumpStart = regexp.MustCompile(`^jumpstart-(?:private-)?cache-prod-(.+)$`)

// parseLocation reads URIs in Amazon S3. One that begins with s3:// does not say where its bucket is; an https:// URL
// may name the region.
func parseLocation(uri string) (origin, bool) {
	location, ok := s3uri.Parse(uri)
	if !ok {
		return origin{}, false
	}
	from := origin{region: location.Region}
	if m := jumpStart.FindStringSubmatch(location.Bucket); m != nil {
		from.region = m[1]
	}
	partition, known := PartitionOf(from.region)
	if !known {
		return origin{}, true
	}
	from.partition = partition.ID
	return from, true
}

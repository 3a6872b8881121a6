package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// s3Settings are all settings that take a location in Amazon S3, each with changes in which VALUE is to be a location
// that KEY leads to: an archive where archive is true, otherwise anything that ends in a slash.
var s3Settings = []struct {
	path    string
	set     change
	archive bool
}{
	{"models.flowers.artifact", change{"models.flowers": "{image: '" + repository + ":1', artifact: 'VALUE'}"}, true},
	{
		"models.flowers.artifactPrefix",
		change{"models.flowers": "{image: '" + repository + ":1', artifactPrefix: 'VALUE'}"},
		false,
	},
	{
		"models.flowers.multiModel.prefix",
		change{"models.flowers": "{image: '" + repository + ":1', multiModel: {prefix: 'VALUE'}}"},
		false,
	},
	{"models.flowers.packagePrefixes[0]", change{"models.flowers": "{packageArn: " +
		"'arn:aws:sagemaker:eu-west-1:123456789012:model-package/flowers/1', packagePrefixes: ['VALUE']}"}, false},
	{"endpoints.flowers.async.outputPath", change{"endpoints.flowers.async": "{outputPath: 'VALUE'}"}, false},
	{"endpoints.flowers.async.failurePath", change{"endpoints.flowers.async": "{failurePath: 'VALUE'}"}, false},
	{
		"endpoints.flowers.dataCapture.destination",
		change{"endpoints.flowers.dataCapture": "{destination: 'VALUE'}"},
		false,
	},
	{"batch.flowers.input", batched("input: 'VALUE'"), false},
}

// given are the changes with a location in the place of VALUE.
func given(set change, location string) change {
	filled := change{}
	for path, yaml := range set {
		filled[path] = strings.ReplaceAll(yaml, "VALUE", location)
	}
	return filled
}

// Every form, with the whole bucket and with names that hold dots.
func TestEverySettingTakesEveryFormOfALocation(t *testing.T) {
	t.Parallel()
	for _, setting := range s3Settings {
		keys := []string{"", "a/", "a/b.c/"}
		if setting.archive {
			keys = []string{"m.tar.gz", "a/m.tar.gz"}
		}
		for _, key := range keys {
			for _, base := range []string{
				"s3://models-of-acme/", "https://models-of-acme.s3.eu-west-1.amazonaws.com/",
				"https://models.of.acme.s3.amazonaws.com/", "https://s3.eu-west-1.amazonaws.com/models-of-acme/",
				"https://s3.dualstack.eu-west-1.amazonaws.com/models-of-acme/",
			} {
				_, err := Parse(configured(t, given(setting.set, base+key)))
				assert.NoError(t, err, "%s: %s", setting.path, base+key)
			}
		}
	}
}

func TestNoSettingTakesWhatIsNotInAmazonS3(t *testing.T) {
	t.Parallel()
	for _, setting := range s3Settings {
		for _, location := range []string{
			"https://example.com/a/m.tar.gz", "https://models-of-acme.s3.eu-west-1.amazonaws.com/m.tar.gz?X-Amz-Signature=f0",
			"http://models-of-acme.s3.eu-west-1.amazonaws.com/m.tar.gz", "s3://AB/m.tar.gz", "s3:///m.tar.gz", "/m.tar.gz",
		} {
			_, err := Parse(configured(t, given(setting.set, location)))
			list := lines(t, err)
			assert.Len(t, list, 1, "%s: %s", setting.path, location)
			assert.True(t, strings.HasPrefix(list[0], "sagehost:"+setting.path+": "), list[0])
			assert.NotContains(t, list[0], "Signature", "the query of a presigned URL is a credential")
		}
	}
}

func TestOneObjectIsAnInputToo(t *testing.T) {
	t.Parallel()
	for _, input := range []string{"s3://lake/flowers.csv", "https://lake.s3.eu-west-1.amazonaws.com/daily/flowers.csv"} {
		accept(t, batched("input: "+input))
		accept(t, batched("input: "+input, "schedule: rate(1 day)"))
		accept(t, batched("input: "+input, "arrivals: true"))
	}
}

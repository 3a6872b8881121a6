package awsref

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnImagesURIIsTakenApart(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0a", 32)
	for _, test := range []struct {
		name, uri string
		want      Image
	}{
		{
			"with a tag", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:1.0.0",
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "flowers", Tag: "1.0.0"},
		},
		{
			"with a digest", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers@" + digest,
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "flowers", Digest: digest},
		},
		{
			"with both", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:1@" + digest,
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "flowers", Tag: "1", Digest: digest},
		},
		{
			"with neither", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers",
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "flowers"},
		},
		{
			"in folders", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/a_b/c-d.e:1",
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "team/a_b/c-d.e", Tag: "1"},
		},
		{
			"in China", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flowers:1",
			Image{Account: "123456789012", Region: "cn-north-1", Repository: "flowers", Tag: "1"},
		},
		{
			"by IPv6", "123456789012.dkr-ecr.eu-west-1.on.aws/flowers:1",
			Image{Account: "123456789012", Region: "eu-west-1", Repository: "flowers", Tag: "1"},
		},
		{
			"by IPv6 and FIPS", "123456789012.dkr-ecr-fips.us-gov-east-1.on.aws/flowers:1",
			Image{Account: "123456789012", Region: "us-gov-east-1", Repository: "flowers", Tag: "1"},
		},
		{
			"by IPv6 in China", "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/flowers:1",
			Image{Account: "123456789012", Region: "cn-north-1", Repository: "flowers", Tag: "1"},
		},
		{
			"in an isolated partition", "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/flowers:1",
			Image{Account: "123456789012", Region: "us-isob-east-1", Repository: "flowers", Tag: "1"},
		},
		{
			"by FIPS", "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/flowers:1",
			Image{Account: "123456789012", Region: "us-gov-west-1", Repository: "flowers", Tag: "1"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			image, err := ParseImage(test.uri)
			require.NoError(t, err)
			assert.Equal(t, test.want, image)
		})
	}
}

func TestWhatSageMakerCannotPullIsRefused(t *testing.T) {
	t.Parallel()
	const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
	for _, uri := range []string{
		"", "flowers", "nginx:1.27", "public.ecr.aws/nginx/nginx:1", "ghcr.io/team/flowers:1",
		"12345.dkr.ecr.eu-west-1.amazonaws.com/flowers:1",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.com/flowers:1",
		"https://" + ecr + "flowers:1",
		ecr, ecr + ":1", ecr + "Flowers:1", ecr + "flowers:", ecr + "flowers:a b", ecr + "flowers@sha256:12", ecr + "a//b:1",
		ecr + "flowers:1\n",
	} {
		_, err := ParseImage(uri)
		require.Error(t, err, uri)
		assert.Contains(t, err.Error(), "is not an image in Amazon ECR; expected one like "+
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`)
	}
}

func TestARegistryEndsAsItsRegionDemands(t *testing.T) {
	t.Parallel()
	for uri, example := range map[string]string{
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com/flowers:1": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn/a:1":     "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
		"123456789012.dkr.ecr.us-iso-east-1.amazonaws.com/a:1":    "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
		"123456789012.dkr.ecr.eu-west-1.on.aws/a:1":               "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
		"123456789012.dkr-ecr.eu-west-1.amazonaws.com/a:1":        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
		"123456789012.dkr-ecr.cn-north-1.on.aws/a:1":              "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
	} {
		_, err := ParseImage(uri)
		assert.EqualError(t, err, `"`+uri+`" is not an image in Amazon ECR; expected one like "`+example+`/name@sha256:…"`)
	}
}

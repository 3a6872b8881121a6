package cloud_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloud"
)

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">` +
	`<GetCallerIdentityResult>` +
	`<Arn>arn:aws:iam::123456789012:user/test</Arn><UserId>U</UserId><Account>123456789012</Account>` +
	`</GetCallerIdentityResult></GetCallerIdentityResponse>`

func TestOnlyAnAllowedAccountInAKnownRegionIsReached(t *testing.T) { //nolint:paralleltest // it sets the environment
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(identity))
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CONFIG_FILE": os.DevNull, "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
	for name, test := range map[string]struct {
		region  string
		allowed []string
		err     string
	}{
		"no account": {region: "eu-west-1", err: "the stack's file does not say in which account the stack is; the " +
			"credentials are for account 123456789012: if that is the one, add this to the file's config\n" +
			"  aws:allowedAccountIds: [\"123456789012\"]"},
		"an allowed account": {region: "eu-west-1", allowed: []string{"210987654321", "123456789012"}},
		"another account": {
			region: "eu-west-1", allowed: []string{"210987654321"},
			err: "the credentials are for account 123456789012; aws:allowedAccountIds allows 210987654321",
		},
		"no region": {err: "no region is set; set aws:region in the stack's file, or AWS_REGION"},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := cloud.AWS(t.Context(), test.region, test.allowed)
			if test.err != "" {
				require.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.region, config.Region)
		})
	}
}

func TestBucketsOfTheLocalAWSArePaths(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	t.Cleanup(server.Close)
	_, err := cloud.S3(cloud.Local(server.URL, "eu-west-1")).
		HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("bucket"), Key: aws.String("key")})
	require.NoError(t, err)
	assert.Equal(t, "/bucket/key", <-asked)
}

package protocol_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/localaws/protocol"
)

func TestScopeOfARequest(t *testing.T) {
	t.Parallel()
	const signed = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/sagemaker/aws4_request, " +
		"SignedHeaders=host, Signature=00"
	tests := []struct {
		name, header, target string
		want                 protocol.Scope
	}{
		{"header", signed, "/", protocol.Scope{Region: "eu-west-1", Service: "sagemaker"}},
		{
			"query string", "", "/b/k?X-Amz-Credential=test%2F20260101%2Fus-west-2%2Fs3%2Faws4_request",
			protocol.Scope{Region: "us-west-2", Service: "s3", Presigned: true},
		},
		{"no signature", "", "/", protocol.Scope{Region: "us-east-1"}},
		{"another scheme", "Bearer abc", "/", protocol.Scope{Region: "us-east-1"}},
		{"too few parts", "AWS4-HMAC-SHA256 Credential=test/20260101", "/", protocol.Scope{Region: "us-east-1"}},
		{"empty region", "AWS4-HMAC-SHA256 Credential=a/b//s3/aws4_request", "/", protocol.Scope{Region: "us-east-1"}},
		{
			"key with slashes", "AWS4-HMAC-SHA256 Credential=a/b/20260101/cn-north-1/iam/aws4_request", "/",
			protocol.Scope{Region: "cn-north-1", Service: "iam"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", test.target, nil)
			r.Header.Set("Authorization", test.header)
			assert.Equal(t, test.want, protocol.ScopeOf(r))
		})
	}
}

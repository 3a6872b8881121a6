package protocol_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol"
)

func TestEachRegionHasOneClient(t *testing.T) {
	t.Parallel()
	made := 0
	clients := protocol.NewClients("http://127.0.0.1:1", "someone", func(c aws.Config) *aws.Config {
		made++
		return &c
	})
	ireland := clients.Of("eu-west-1")
	assert.Same(t, ireland, clients.Of("eu-west-1"))
	assert.NotSame(t, ireland, clients.Of("us-east-1"))
	assert.Equal(t, 2, made)

	assert.Equal(t, "eu-west-1", ireland.Region)
	assert.Equal(t, "http://127.0.0.1:1", *ireland.BaseEndpoint)
	credentials, err := ireland.Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "someone", credentials.AccessKeyID)
}

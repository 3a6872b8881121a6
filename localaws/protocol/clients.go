package protocol

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Clients are the clients of one service, one for each region, made when it is first asked for. They may be used by
// several goroutines.
type Clients[T any] struct {
	config aws.Config
	build  func(aws.Config) T

	mu   sync.Mutex
	made map[string]T
}

// NewClients makes clients of a service at a URL. Caller is who they are in the logs of that service: nobody verifies
// their signatures.
func NewClients[T any](url, caller string, build func(aws.Config) T) *Clients[T] {
	return &Clients[T]{
		config: aws.Config{
			BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider(caller, caller, ""),
			APIOptions: []func(*middleware.Stack) error{smithyhttp.SetHeaderValue(ownHeader, ownKey)},
		},
		build: build,
		made:  map[string]T{},
	}
}

// Of is the client for a region.
func (c *Clients[T]) Of(region string) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	client, ok := c.made[region]
	if !ok {
		config := c.config.Copy()
		config.Region = region
		client = c.build(config)
		c.made[region] = client
	}
	return client
}

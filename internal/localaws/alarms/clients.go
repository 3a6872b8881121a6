package alarms

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/credentials"
)

// credential is for signatures that nobody verifies.
var credential = credentials.NewStaticCredentialsProvider("cloudwatch", "cloudwatch", "")

// clients are the clients of a service, one for each region.
type clients[T any] struct {
	make func(region string) T

	mu   sync.Mutex
	made map[string]T
}

func (c *clients[T]) of(region string) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[string]T{}
	}
	client, ok := c.made[region]
	if !ok {
		client = c.make(region)
		c.made[region] = client
	}
	return client
}

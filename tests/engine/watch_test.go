package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/stretchr/testify/assert"
)

// watch asks for the endpoint again and again until the returned function is called, which returns the different
// answers in their order, as "status configuration". That the endpoint cannot be described fails the test.
func watch(t *testing.T, c clients, endpoint string) func() []string {
	t.Helper()
	var seen []string
	ctx, cancel := context.WithCancel(t.Context())
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for ctx.Err() == nil {
			described, err := c.sagemaker.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &endpoint})
			if ctx.Err() != nil {
				return
			}
			if !assert.NoError(t, err, "the endpoint was away") {
				return
			}
			answer := fmt.Sprintf("%s %s", described.EndpointStatus, *described.EndpointConfigName)
			if len(seen) == 0 || seen[len(seen)-1] != answer {
				seen = append(seen, answer)
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	return func() []string {
		cancel()
		watcher.Wait()
		return seen
	}
}

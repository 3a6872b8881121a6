package events

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"sagehost/localaws/protocol"
)

// bucket is what is known of a bucket.
type bucket struct {
	// notifies says that it sends its events to EventBridge.
	notifies bool
	region   string
}

// buckets knows which buckets send events, until it is told that one has changed.
type buckets struct {
	clients *protocol.Clients[*s3.Client]

	mu    sync.Mutex
	known map[string]bucket
	// changes counts how often one was forgotten.
	changes int
}

// forget makes a bucket be asked again.
func (b *buckets) forget(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.known, name)
	b.changes++
}

// forgetAll makes every bucket be asked again.
func (b *buckets) forgetAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.known)
	b.changes++
}

// of is what is known of a bucket. The region is only to ask in.
func (b *buckets) of(ctx context.Context, region, name string) (bucket, error) {
	b.mu.Lock()
	found, ok := b.known[name]
	changes := b.changes
	b.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := ask(ctx, b.clients.Of(region), name)
	if err != nil {
		return bucket{}, fmt.Errorf("notifications of the bucket %s: %w", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changes == changes {
		b.known[name] = found
	}
	return found, nil
}

func ask(ctx context.Context, client *s3.Client, name string) (bucket, error) {
	configuration, err := client.GetBucketNotificationConfiguration(ctx,
		&s3.GetBucketNotificationConfigurationInput{Bucket: &name})
	if err != nil || configuration.EventBridgeConfiguration == nil {
		return bucket{}, err
	}
	location, err := client.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &name})
	if err != nil {
		return bucket{}, err
	}
	// A bucket without a location is in the first region that there was.
	return bucket{notifies: true, region: cmp.Or(string(location.LocationConstraint), protocol.DefaultRegion)}, nil
}

package localaws

import (
	"context"
	"time"

	"sagehost/internal/localaws/objects"
)

// storeTimeout is how long a look at the objects, which are on this machine, may take.
const storeTimeout = 10 * time.Second

// stored looks whether there is an object beneath an s3:// prefix. What cannot be listed counts as nothing, as it does
// for SageMaker.
func stored(store *objects.Store) func(region, prefix string) bool {
	return func(region, prefix string) bool {
		ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
		defer cancel()
		for _, err := range store.List(ctx, region, prefix) {
			return err == nil
		}
		return false
	}
}

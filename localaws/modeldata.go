package localaws

import (
	"context"
	"time"

	"sagehost/kit/s3uri"
	"sagehost/localaws/services/objects"
)

// storeTimeout is how long a look at the objects, which are on this machine, may take.
const storeTimeout = 10 * time.Second

// modelData is where SageMaker looks for the data of models.
type modelData struct{ store *objects.Store }

// Has reports whether there is an object at a URI.
func (d modelData) Has(region, uri string) bool {
	first, found := d.first(region, uri)
	bucket, key, _ := s3uri.Split(uri)
	// Of all keys that begin with the key, it comes first.
	return found && first == "s3://"+bucket+"/"+key
}

// HasBeneath reports whether there is an object beneath a prefix.
func (d modelData) HasBeneath(region, prefix string) bool {
	_, found := d.first(region, prefix)
	return found
}

// first is the URI of the first object whose URI begins so.
func (d modelData) first(region, prefix string) (uri string, found bool) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	for entry, err := range d.store.List(ctx, region, prefix) {
		return entry.URI, err == nil
	}
	return "", false
}

package batchrun

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Counts is how far a transform job is.
type Counts struct {
	// Objects and Bytes are done, out of the totals; the totals are 0 until they are known.
	Objects, TotalObjects int64
	Bytes, TotalBytes     int64
	// Records is how many have their predictions.
	Records int64
}

// LocalCounts asks the local AWS at a URL how far jobs of a region are; AWS does not tell it.
func LocalCounts(address, region string) func(ctx context.Context, job string) (*Counts, error) {
	return func(ctx context.Context, job string) (*Counts, error) {
		target := address + "/_local/sagemaker/transform-jobs/" + url.PathEscape(job) + "/progress?region=" +
			url.QueryEscape(region)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
		if err != nil {
			return nil, fmt.Errorf("progress of job %s: %w", job, err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, fmt.Errorf("progress of job %s: %w", job, err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("progress of job %s: %s", job, response.Status)
		}
		var counts Counts
		if err := json.NewDecoder(response.Body).Decode(&counts); err != nil {
			return nil, fmt.Errorf("progress of job %s: %w", job, err)
		}
		return &counts, nil
	}
}

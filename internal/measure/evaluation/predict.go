package evaluation

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/dustin/go-humanize/english"

	"sagehost/internal/measure/batchrun"
	"sagehost/internal/measure/evaluation/heldout"
	"sagehost/internal/release/metrics"
)

// partBytes is how much of an upload is held in memory at a time, for each of a few parts. With at most 10,000 parts an
// object can have 78 GiB.
const partBytes = 8 << 20

// predict has the batch predict the rows of a set.
func (r *Request) predict(ctx context.Context, set *heldout.Set, job *batchrun.Job) (*batchrun.Outcome, error) {
	name := batchrun.NewName("evaluate", time.Now())
	key := r.Batch.Folder() + batchrun.EvaluationFolder + name + "/rows.csv"
	compress := job.TransformInput.CompressionType == "Gzip"
	if compress {
		key += ".gz"
	}
	r.step(fmt.Sprintf("writing %s without %q to s3://%s/%s", english.Plural(int(set.Rows), "row", ""), set.Label,
		r.Batch.Bucket, key))
	if err := r.upload(ctx, set, key, compress); err != nil {
		return nil, fmt.Errorf("writing s3://%s/%s: %w", r.Batch.Bucket, key, err)
	}
	run, err := r.Batch.Start(ctx, batchrun.Request{Input: "s3://" + r.Batch.Bucket + "/" + key, Name: name})
	if err != nil {
		return nil, err
	}
	r.step("running " + run.Name)
	return r.wait(ctx, run)
}

// wait waits for a run's predictions.
func (r *Request) wait(ctx context.Context, run *batchrun.Execution) (*batchrun.Outcome, error) {
	outcome, err := r.Batch.Wait(ctx, run, r.Watch)
	if err != nil {
		return nil, again(err, run.Name)
	}
	if err := outcome.Failed(); err != nil {
		return nil, fmt.Errorf("%w; `%s` shows what happened", err, r.Batch.SeeLogs(run.Name))
	}
	return outcome, nil
}

// again says how what a run costs is not paid twice.
func again(err error, run string) error {
	return fmt.Errorf("%w; evaluate the same set with --run %s to go on from that run", err, run)
}

// upload writes a set's rows as they are read.
func (r *Request) upload(ctx context.Context, set *heldout.Set, key string, compress bool) error {
	reader, writer := io.Pipe()
	go func() {
		err := write(ctx, set, writer, compress)
		_ = writer.CloseWithError(err)
	}()
	manager := transfermanager.New(r.Objects, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = partBytes, partBytes, 2
	})
	_, err := manager.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: &r.Batch.Bucket, Key: &key, Body: reader, ContentType: aws.String("text/csv"),
		Metadata: metadata(set),
	})
	// What still writes ends now.
	_ = reader.CloseWithError(io.ErrClosedPipe)
	return err
}

func write(ctx context.Context, set *heldout.Set, to io.Writer, compress bool) error {
	if !compress {
		return set.WriteInput(ctx, to)
	}
	packed := gzip.NewWriter(to)
	return errors.Join(set.WriteInput(ctx, packed), packed.Close())
}

// compare joins the rows with the one object of predictions.
func (r *Request) compare(
	ctx context.Context, set *heldout.Set, m measure, job *batchrun.Job, outcome *batchrun.Outcome,
) (*metrics.Summary, error) {
	key, err := r.predictions(ctx, r.Batch.Output(outcome.Name))
	if err != nil {
		return nil, err
	}
	object, err := r.Objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &r.Batch.Bucket, Key: &key})
	if err != nil {
		return nil, fmt.Errorf("predictions s3://%s/%s: %w", r.Batch.Bucket, key, err)
	}
	defer object.Body.Close()
	summary, err := score(ctx, set, m, object.Body, skipped(set, job))
	if err != nil {
		return nil, fmt.Errorf("predictions s3://%s/%s: %w", r.Batch.Bucket, key, err)
	}
	return summary, nil
}

// predictions is the key of the one object of predictions beneath a prefix: for one object of input there is one.
func (r *Request) predictions(ctx context.Context, prefix string) (string, error) {
	listed, err := r.Objects.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &r.Batch.Bucket, Prefix: &prefix})
	if err != nil {
		return "", fmt.Errorf("predictions beneath s3://%s/%s: %w", r.Batch.Bucket, prefix, err)
	}
	var keys []string
	for i := range listed.Contents {
		if key := aws.ToString(listed.Contents[i].Key); strings.HasSuffix(key, ".out") {
			keys = append(keys, key)
		}
	}
	if len(keys) != 1 {
		return "", fmt.Errorf("there are %d objects of predictions beneath s3://%s/%s, wanted is 1",
			len(keys), r.Batch.Bucket, prefix)
	}
	return keys[0], nil
}

// skipped is how many columns of the input precede a prediction. What an output filter selects is the prediction.
func skipped(set *heldout.Set, job *batchrun.Job) int {
	if job.DataProcessing.JoinSource == "Input" && job.DataProcessing.OutputFilter == "" {
		return len(set.Columns)
	}
	return 0
}

package transform

import (
	"context"
	"errors"
	"io"

	"sagehost/localaws/services/objects"
	"sagehost/localaws/services/transform/processing"
)

// object transforms one object. Its output is written as it comes, and is there only when all of it was written.
func (r *run) object(ctx context.Context, s source) error {
	produce := r.pass
	if r.streams() {
		produce = r.stream
	}
	reader, writer := io.Pipe()
	result := make(chan error, 1)
	go func() {
		err := produce(ctx, s, writer)
		writer.CloseWithError(err)
		result <- err
	}()
	err := r.put(ctx, s, reader)
	reader.CloseWithError(err)
	// What went wrong with the object comes first: the upload then fails of it.
	if failed := <-result; failed != nil {
		err = failed
	}
	if errors.Is(err, errEmpty) {
		r.log("%s: %v", s.uri, err)
		return nil
	}
	if _, placed := errors.AsType[*failure](err); err != nil && !placed {
		err = &failure{uri: s.uri, err: err}
	}
	return err
}

func (r *run) put(ctx context.Context, s source, content io.Reader) error {
	meta := objects.Meta{ContentType: r.accept, KMSKey: r.kmsKey}
	return r.options.Objects.Put(ctx, r.job.Region, objects.Join(r.outputPath, s.name)+".out", content, meta)
}

// pass sends an object's batches, as many at once as there are slots, and writes the results in the order of the
// batches.
func (r *run) pass(ctx context.Context, s source, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := r.open(ctx, s)
	if err != nil {
		return err
	}
	defer in.Close()
	var reading error
	ordered := make(chan *batch, cap(r.free))
	go func() {
		defer close(ordered)
		reading = r.read(ctx, in, ordered)
	}()
	var failed error
	for b := range ordered {
		<-b.done
		if failed == nil && b.err != nil {
			failed = &failure{uri: s.uri, records: b.place(), err: b.err}
		}
		if failed == nil {
			_, failed = out.Write(b.output)
		}
		if failed != nil {
			cancel()
		} else {
			r.job.progress.records.Add(b.count)
		}
		r.free <- b
	}
	if failed == nil {
		failed = reading
	}
	return failed
}

// read fills batches and starts their requests.
func (r *run) read(ctx context.Context, in io.Reader, ordered chan<- *batch) error {
	var processor *processing.Processor
	if r.processor != nil {
		processor = r.processor.Fork()
	}
	packer := r.newPacker(in, processor)
	for {
		var b *batch
		select {
		case b = <-r.free:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := packer.fill(b); err != nil {
			r.free <- b
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		ordered <- b
		// Whoever has a slot sends: requests leave in the order of the batches.
		select {
		case r.slots <- struct{}{}:
		case <-ctx.Done():
			b.err = ctx.Err()
			close(b.done)
			return ctx.Err()
		}
		go func() {
			defer close(b.done)
			b.err = r.predict(ctx, b)
			<-r.slots
		}()
	}
}

package transform

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"sagehost/localaws/services/transform/processing"
	"sagehost/localaws/services/transform/records"
)

// batch is the records of one request, and then what came of them.
type batch struct {
	// body is what is sent.
	body []byte
	// first and count number the records within the object, from 1.
	first, count int64
	// originals are the records as they were, one after the other, where they are needed for joining; ends are where
	// each ends.
	originals []byte
	ends      []int
	// done is closed when output or err is set.
	done chan struct{}
	// answer is what the algorithm said, output what is written of it.
	answer bytes.Buffer
	output []byte
	err    error
}

func (b *batch) reset(first int64) {
	b.body, b.originals, b.ends, b.output = b.body[:0], b.originals[:0], b.ends[:0], b.output[:0]
	b.answer.Reset()
	b.first, b.count, b.done, b.err = first, 0, make(chan struct{}), nil
}

// records are the records as they were.
func (b *batch) records() [][]byte {
	list := make([][]byte, len(b.ends))
	start := 0
	for i, end := range b.ends {
		list[i] = b.originals[start:end]
		start = end
	}
	return list
}

// place names the records in messages.
func (b *batch) place() string {
	if b.count == 1 {
		return fmt.Sprintf("record %d", b.first)
	}
	return fmt.Sprintf("records %d-%d", b.first, b.first+b.count-1)
}

// packer fills batches with the records of an object.
type packer struct {
	settings
	reader records.Reader
	// processor filters what is sent; nil when nothing is filtered.
	processor *processing.Processor
	next      int64
	// pending is the record that did not fit any more, and what is to be sent of it.
	original, pending []byte
}

func (s settings) newPacker(content io.Reader, processor *processing.Processor) *packer {
	p := &packer{settings: s, reader: records.New(s.split, content, s.limit()), next: 1}
	if s.processing.FiltersInput() {
		p.processor = processor
	}
	return p
}

// fill puts as many records into a batch as the payload holds, or one. It returns io.EOF when there is no record left.
func (p *packer) fill(b *batch) error {
	b.reset(p.next)
	for {
		if p.pending == nil {
			err := p.read()
			if errors.Is(err, io.EOF) && b.count > 0 {
				return nil
			}
			if err != nil {
				return err
			}
		}
		size := int64(len(p.pending))
		if limit := p.limit(); limit > 0 && int64(len(b.body))+size > limit {
			if b.count == 0 {
				return fmt.Errorf("record %d: %w", p.next, records.ErrTooLarge)
			}
			return nil
		}
		b.body = append(b.body, p.pending...)
		if p.processing.Join {
			b.originals = append(b.originals, p.original...)
			b.ends = append(b.ends, len(b.originals))
		}
		b.count++
		p.next++
		p.pending = nil
		if p.single || p.split == records.None {
			return nil
		}
	}
}

// read reads the next record into pending. Lines without anything hold no record when records are looked into.
func (p *packer) read() error {
	for {
		record, err := p.reader.Next()
		if err != nil {
			return err
		}
		if p.processes() && len(bytes.TrimSpace(record.Framed)) == 0 {
			continue
		}
		p.original, p.pending = record.Framed, record.Framed
		if p.single {
			// The service model's documentation: padding is removed for single records, and only for them.
			p.pending = record.Data
		}
		if p.processor != nil {
			if p.pending, err = p.processor.Input(record.Framed); err != nil {
				return fmt.Errorf("record %d: %w", p.next, err)
			}
		}
		return nil
	}
}

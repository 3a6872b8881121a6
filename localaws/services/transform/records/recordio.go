package records

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The format is that of dmlc-core (include/dmlc/recordio.h): a magic number, a word with a flag in its upper 3 bits
// and a length in the others, the data, and zeros up to a multiple of 4. Numbers are little-endian. A record whose data
// holds the magic number at a multiple of 4 is written in parts around it.
const (
	magic       = 0xced7230a
	lengthBits  = 29
	partWhole   = 0
	partFirst   = 1
	partMiddle  = 2
	partLast    = 3
	recordAlign = 4
)

var errParts = errors.New("the parts of the record are not in order")

type recordIO struct {
	source
	// joined is the data of a record in parts.
	joined []byte
}

func (r *recordIO) Next() (Record, error) {
	r.begin()
	if r.atEnd() {
		return Record{}, io.EOF
	}
	r.joined = r.joined[:0]
	for first := true; ; first = false {
		flag, data, err := r.part()
		if err != nil {
			return Record{}, err
		}
		if starts := flag == partWhole || flag == partFirst; flag > partLast || starts != first {
			return Record{}, r.fail(errParts)
		}
		if flag == partWhole {
			return Record{Framed: r.framed.Bytes(), Data: data}, nil
		}
		if !first {
			r.joined = binary.LittleEndian.AppendUint32(r.joined, magic)
		}
		r.joined = append(r.joined, data...)
		if r.tooLarge(int64(len(r.joined))) {
			return Record{}, r.fail(ErrTooLarge)
		}
		if flag == partLast {
			return Record{Framed: r.framed.Bytes(), Data: r.joined}, nil
		}
	}
}

func (r *recordIO) part() (flag uint32, data []byte, err error) {
	header, err := r.take(8)
	if err != nil {
		return 0, nil, err
	}
	if found := binary.LittleEndian.Uint32(header); found != magic {
		return 0, nil, r.fail(fmt.Errorf("the magic number is %#x instead of %#x", found, uint32(magic)))
	}
	word := binary.LittleEndian.Uint32(header[4:])
	size := int64(word & (1<<lengthBits - 1))
	if r.tooLarge(size) {
		return 0, nil, r.fail(ErrTooLarge)
	}
	padded, err := r.take((size + recordAlign - 1) / recordAlign * recordAlign)
	if err != nil {
		return 0, nil, err
	}
	return word >> lengthBits, padded[:size], nil
}

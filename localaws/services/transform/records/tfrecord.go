package records

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
)

// The format is that of TensorFlow (core/lib/io/record_writer.h): a length in 8 bytes, its checksum, the data, its
// checksum. Numbers are little-endian, checksums are masked CRC-32C.
const (
	tfHeader = 12
	tfFooter = 4
	tfMask   = 0xa282ead8
)

var errChecksum = errors.New("a checksum does not match")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type tfRecord struct{ source }

func (t *tfRecord) Next() (Record, error) {
	t.begin()
	if t.atEnd() {
		return Record{}, io.EOF
	}
	header, err := t.take(tfHeader)
	if err != nil {
		return Record{}, err
	}
	if binary.LittleEndian.Uint32(header[8:]) != masked(header[:8]) {
		return Record{}, t.fail(errChecksum)
	}
	size := binary.LittleEndian.Uint64(header)
	if size > math.MaxInt64-tfFooter || t.tooLarge(int64(size)) {
		return Record{}, t.fail(ErrTooLarge)
	}
	rest, err := t.take(int64(size) + tfFooter)
	if err != nil {
		return Record{}, err
	}
	data := rest[:size]
	if binary.LittleEndian.Uint32(rest[size:]) != masked(data) {
		return Record{}, t.fail(errChecksum)
	}
	return Record{Framed: t.framed.Bytes(), Data: data}, nil
}

// masked is a checksum as it is stored.
func masked(data []byte) uint32 {
	sum := crc32.Checksum(data, castagnoli)
	return (sum>>15 | sum<<17) + tfMask
}

package records_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/localaws/services/transform/records"
)

// read takes content apart; ok says that it ended with its last record.
func read(t require.TestingT, split records.Split, content io.Reader, limit int64) (framed, data [][]byte, err error) {
	reader := records.New(split, content, limit)
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return framed, data, nil
		}
		if err != nil {
			var failure *records.Error
			require.ErrorAs(t, err, &failure)
			return framed, data, err
		}
		framed = append(framed, bytes.Clone(record.Framed))
		data = append(data, bytes.Clone(record.Data))
	}
}

const magic = "\x0a\x23\xd7\xce"

// recordIO writes a record as dmlc-core's RecordIOWriter does: in parts around each aligned magic number.
func recordIO(data []byte) []byte {
	var parts [][]byte
	start := 0
	for at := 0; at+4 <= len(data); at += 4 {
		if string(data[at:at+4]) == magic {
			parts = append(parts, data[start:at])
			start = at + 4
		}
	}
	parts = append(parts, data[start:])
	var out []byte
	for i, part := range parts {
		flag := uint32(2)
		switch {
		case len(parts) == 1:
			flag = 0
		case i == 0:
			flag = 1
		case i == len(parts)-1:
			flag = 3
		}
		out = append(out, magic...)
		out = binary.LittleEndian.AppendUint32(out, flag<<29|uint32(len(part)))
		out = append(out, part...)
		out = append(out, make([]byte, (4-len(part)%4)%4)...)
	}
	return out
}

func tfRecord(data []byte) []byte {
	masked := func(b []byte) uint32 {
		sum := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return (sum>>15 | sum<<17) + 0xa282ead8
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	out = binary.LittleEndian.AppendUint32(out, masked(out))
	out = append(out, data...)
	return binary.LittleEndian.AppendUint32(out, masked(data))
}

func TestSplittingGivesAllBytesBackInOrder(t *testing.T) {
	t.Parallel()
	frames := map[records.Split]func([]byte) []byte{
		records.Line:     func(b []byte) []byte { return append(bytes.ReplaceAll(b, []byte("\n"), nil), '\n') },
		records.RecordIO: recordIO,
		records.TFRecord: tfRecord,
	}
	for split, frame := range frames {
		rapid.Check(t, func(t *rapid.T) {
			content := rapid.SliceOfN(rapid.OneOf(
				rapid.SliceOf(rapid.Byte()),
				rapid.Just([]byte(magic)),
				rapid.Just([]byte("abcd"+magic+"xy"+magic)),
			), 0, 3).Draw(t, "records")
			var want, wantFramed [][]byte
			for _, data := range content {
				want, wantFramed = append(want, data), append(wantFramed, frame(data))
			}
			if split == records.Line {
				want = wantFramed
			}
			all := bytes.Join(wantFramed, nil)
			framed, data, err := read(t, split, iotest.HalfReader(bytes.NewReader(all)), 0)
			require.NoError(t, err)
			require.Len(t, data, len(want))
			for i := range want {
				require.True(t, bytes.Equal(want[i], data[i]), "record %d", i)
			}
			require.True(t, bytes.Equal(all, bytes.Join(framed, nil)))
		})
	}
}

func TestLinesKeepTheirEndings(t *testing.T) {
	t.Parallel()
	framed, _, err := read(t, records.Line, strings.NewReader("a\r\n\nb"), 3)
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("a\r\n"), []byte("\n"), []byte("b")}, framed)
}

func TestALineMayBeLongerThanTheBuffer(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("long "), 30_000)
	content := bytes.Join([][]byte{long, []byte("b"), long}, []byte("\n"))
	framed, _, err := read(t, records.Line, bytes.NewReader(content), 0)
	require.NoError(t, err)
	require.Len(t, framed, 3)
	assert.True(t, bytes.Equal(append(bytes.Clone(long), '\n'), framed[0]))
	assert.Equal(t, "b\n", string(framed[1]))
	assert.True(t, bytes.Equal(long, framed[2]))
}

func TestUnsplitContentIsOneRecord(t *testing.T) {
	t.Parallel()
	_, data, err := read(t, records.None, strings.NewReader("a\nb\n"), 4)
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("a\nb\n")}, data)
	_, data, err = read(t, records.None, strings.NewReader(""), 0)
	require.NoError(t, err)
	assert.Empty(t, data)
}

func TestWhatIsWrongWithARecordIsSaidWithItsPosition(t *testing.T) {
	t.Parallel()
	one := recordIO([]byte("abc"))
	tf := tfRecord([]byte("abc"))
	broken := bytes.Clone(tf)
	broken[13]++
	length := bytes.Clone(tf)
	length[0]++
	tests := []struct {
		name    string
		split   records.Split
		content []byte
		limit   int64
		want    string
	}{
		{"a long object", records.None, []byte("abcd"), 3, "record at byte 0: the record is too large"},
		{"a long line", records.Line, []byte("ab\nabc\n"), 3, "record at byte 3: the record is too large"},
		{
			"a line that fills the buffer", records.Line, bytes.Repeat([]byte("a"), 1<<20), 1 << 18,
			"record at byte 0: the record is too large",
		},
		{
			"RecordIO cut in the header", records.RecordIO, append(bytes.Clone(one), one[:5]...), 0,
			"record at byte 12: the object ends within a record",
		},
		{"RecordIO cut in the data", records.RecordIO, one[:9], 0, "record at byte 0: the object ends within a record"},
		{"RecordIO cut in the padding", records.RecordIO, one[:11], 0, "record at byte 0: the object ends within a record"},
		{
			"RecordIO without its magic number", records.RecordIO, []byte("abcdefgh"), 0,
			"record at byte 0: the magic number is 0x64636261 instead of 0xced7230a",
		},
		{
			"RecordIO that starts in the middle", records.RecordIO, []byte(magic + "\x00\x00\x00\x40"), 0,
			"record at byte 0: the parts of the record are not in order",
		},
		{
			"RecordIO that never goes on", records.RecordIO, append([]byte(magic+"\x00\x00\x00\x20"), one...), 0,
			"record at byte 0: the parts of the record are not in order",
		},
		{
			"RecordIO that announces too much", records.RecordIO, []byte(magic + "\xff\xff\xff\x1f"), 1000,
			"record at byte 0: the record is too large",
		},
		{
			"RecordIO with too much in parts", records.RecordIO, recordIO([]byte("abcd" + magic + "efgh")), 11,
			"record at byte 0: the record is too large",
		},
		{
			"TFRecord cut in the header", records.TFRecord, append(bytes.Clone(tf), 1), 0,
			"record at byte 19: the object ends within a record",
		},
		{"TFRecord cut in the data", records.TFRecord, tf[:14], 0, "record at byte 0: the object ends within a record"},
		{"TFRecord with other data", records.TFRecord, broken, 0, "record at byte 0: a checksum does not match"},
		{"TFRecord with another length", records.TFRecord, length, 0, "record at byte 0: a checksum does not match"},
		{"a long TFRecord", records.TFRecord, tf, 2, "record at byte 0: the record is too large"},
	}
	for _, test := range tests {
		_, _, err := read(t, test.split, bytes.NewReader(test.content), test.limit)
		assert.EqualError(t, err, test.want, test.name)
	}
}

func TestAnErrorOfTheContentIsPassedOn(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	for _, split := range []records.Split{records.None, records.Line, records.RecordIO, records.TFRecord} {
		content := io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(lost))
		_, _, err := read(t, split, content, 0)
		assert.ErrorIs(t, err, lost, split)
	}
}

func fuzz(f *testing.F, split records.Split, seeds ...[]byte) {
	f.Helper()
	for _, seed := range seeds {
		f.Add(seed)
	}
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, content []byte) {
		framed, data, err := read(t, split, bytes.NewReader(content), limit)
		for _, d := range data {
			assert.LessOrEqual(t, len(d), limit)
		}
		joined := bytes.Join(framed, nil)
		if err == nil {
			assert.True(t, bytes.Equal(content, joined))
		}
		assert.True(t, bytes.HasPrefix(content, joined))
	})
}

func FuzzLine(f *testing.F) { fuzz(f, records.Line, []byte("a\nb"), []byte("\n\n")) }

func FuzzRecordIO(f *testing.F) {
	fuzz(f, records.RecordIO, recordIO([]byte("abc")), recordIO([]byte("abcd"+magic)), []byte(magic+"\xff\xff\xff\x1f"))
}

func FuzzTFRecord(f *testing.F) {
	fuzz(f, records.TFRecord, tfRecord([]byte("abc")), tfRecord(nil), append(tfRecord([]byte("a")), 0))
}

package records

import (
	"bufio"
	"errors"
	"io"
)

type lines struct{ source }

// Next returns a line out of the reader's own buffer when it fits in there, as nearly all do.
func (l *lines) Next() (Record, error) {
	l.framed.Reset()
	for {
		part, err := l.in.ReadSlice('\n')
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended && !errors.Is(err, bufio.ErrBufferFull) {
			return Record{}, l.fail(err)
		}
		size := l.framed.Len() + len(part)
		switch {
		case l.tooLarge(int64(size)):
			return Record{}, l.fail(ErrTooLarge)
		case ended && size == 0:
			return Record{}, io.EOF
		case l.framed.Len() > 0 || (err != nil && !ended):
			l.framed.Write(part)
			part = l.framed.Bytes()
		}
		if err == nil || ended {
			l.start += int64(size)
			return Record{Framed: part, Data: part}, nil
		}
	}
}

package serving

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"

	"sagehost/localaws/services/cloudwatch/containerlogs"
)

const (
	// lineBytes is how long a line of a container may get before it is cut.
	lineBytes = containerlogs.MaxLine
	// tailLines and tailBytes bound what is repeated in the reason of a failed start: FailureReason holds 1024
	// characters.
	tailLines = 3
	tailBytes = 500
)

// output passes what a container prints on to the logs, line by line, and remembers the last lines.
type output struct {
	log    io.Writer
	prefix string
	// lines is nil where there is no CloudWatch Logs.
	lines  Lines
	stream containerlogs.Stream

	mu   sync.Mutex
	last []string
}

// follow reads until the container, and what it started, have closed their end.
func (o *output) follow(from io.Reader) {
	reader := bufio.NewReaderSize(from, lineBytes)
	for {
		line, err := reader.ReadSlice('\n')
		if text := strings.TrimRight(string(line), "\r\n"); text != "" {
			o.line(text)
		}
		if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // ReadSlice returns it as it is
			return
		}
	}
}

func (o *output) line(text string) {
	fmt.Fprintf(o.log, "[%s] %s\n", o.prefix, text)
	if o.lines != nil {
		o.lines.Add(o.stream, text)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = append(o.last, text)
	if len(o.last) > tailLines {
		o.last = o.last[1:]
	}
}

// tail is the last lines in one.
func (o *output) tail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	text := strings.Join(o.last, " | ")
	return strings.ToValidUTF8(text[max(0, len(text)-tailBytes):], "")
}

package containerlogs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/world/clock"
)

var stream = Stream{Region: "eu-west-1", Group: Endpoints + "flowers", Name: "main/i-01"}

// cloudWatch is a CloudWatch Logs.
type cloudWatch struct {
	mu sync.Mutex
	// operations are the requests, in order; messages are the texts that were put.
	operations []string
	messages   []string
	// refuse are the errors of operations.
	refuse map[string]string
	log    strings.Builder
}

func (c *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get(awsjson.TargetHeader), ".")
	var call struct {
		LogGroupName, LogStreamName string
		LogEvents                   []struct {
			Message   string
			Timestamp int64
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&call)
	c.operations = append(c.operations, strings.TrimSpace(fmt.Sprintln(
		operation, protocol.ScopeOf(r).Region, call.LogGroupName, call.LogStreamName, len(call.LogEvents))))
	if code := c.refuse[operation]; code != "" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type": %q}`, code)
		return
	}
	for _, event := range call.LogEvents {
		c.messages = append(c.messages, event.Message)
	}
	fmt.Fprint(w, "{}")
}

func newWriter(t *testing.T) (*cloudWatch, *Writer) {
	t.Helper()
	c := &cloudWatch{refuse: map[string]string{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	return c, New(Options{URL: server.URL, Clock: clock.New(time.Now()), Log: &c.log})
}

func TestLinesGoToTheirStream(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	w.Add(stream, "one")
	w.Add(stream, "two")
	w.flush(t.Context())
	w.Add(stream, "three")
	w.flush(t.Context())
	w.flush(t.Context())
	assert.Equal(t, []string{
		"CreateLogGroup eu-west-1 /aws/sagemaker/Endpoints/flowers  0",
		"CreateLogStream eu-west-1 /aws/sagemaker/Endpoints/flowers main/i-01 0",
		"PutLogEvents eu-west-1 /aws/sagemaker/Endpoints/flowers main/i-01 2",
		"PutLogEvents eu-west-1 /aws/sagemaker/Endpoints/flowers main/i-01 1",
	}, c.operations)
	assert.Equal(t, []string{"one", "two", "three"}, c.messages)
	assert.Empty(t, c.log.String())
}

func TestWhatExistsIsUsed(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	for _, operation := range []string{"CreateLogGroup", "CreateLogStream"} {
		c.refuse[operation] = "ResourceAlreadyExistsException"
	}
	w.Add(stream, "one")
	w.flush(t.Context())
	assert.Equal(t, []string{"one"}, c.messages)
	assert.Empty(t, c.log.String())
}

// The stack that declares a group deletes it after its endpoint: nothing may make it again.
func TestADeletedGroupIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	w.Open(stream)
	w.flush(t.Context())
	assert.Len(t, c.operations, 2, "the group and the stream are there before the first line")
	c.operations = nil
	c.refuse["PutLogEvents"] = "ResourceNotFoundException"
	w.Add(stream, "late")
	w.flush(t.Context())
	assert.Equal(t, []string{"PutLogEvents eu-west-1 /aws/sagemaker/Endpoints/flowers main/i-01 1"}, c.operations)
	assert.Empty(t, c.log.String())
}

func TestAFailureIsLogged(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	c.refuse["CreateLogGroup"] = "AccessDeniedException"
	w.Add(stream, "one")
	w.flush(t.Context())
	assert.Contains(t, c.log.String(),
		"container logs: 1 line of /aws/sagemaker/Endpoints/flowers/main/i-01 in eu-west-1: ")
	assert.Contains(t, c.log.String(), "AccessDeniedException")
}

func TestWhatComesTooFastIsLeftOutAndCounted(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	w.most = 10
	for range 8 {
		w.Add(stream, "four")
	}
	assert.Equal(t, 8, w.size)
	w.flush(t.Context())
	assert.Equal(t, []string{
		"four", "four", "[6 lines were left out: they came faster than they could be written]",
	}, c.messages)
	w.Add(stream, "after")
	w.flush(t.Context())
	assert.Equal(t, "after", c.messages[3])
}

func TestARequestIsNotTooLong(t *testing.T) {
	t.Parallel()
	sizes := func(lines []line) []int {
		var found []int
		for events := range batches(lines) {
			found = append(found, len(events))
		}
		return found
	}
	assert.Empty(t, sizes(nil))
	assert.Equal(t, []int{10_000, 1}, sizes(make([]line, 10_001)))
	long := line{text: strings.Repeat("x", MaxLine)}
	assert.Equal(t, []int{4, 1}, sizes([]line{long, long, long, long, long}))
}

func TestRunWritesWhatIsLeftAtItsEnd(t *testing.T) {
	t.Parallel()
	c, w := newWriter(t)
	w.Add(stream, "last words")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Run(ctx)
	assert.Equal(t, []string{"last words"}, c.messages)
}

func TestIDsOfInstancesAreThoseOfEC2(t *testing.T) {
	t.Parallel()
	one, other := InstanceID(), InstanceID()
	assert.Regexp(t, `^i-[0-9a-f]{17}$`, one)
	assert.NotEqual(t, one, other)
}

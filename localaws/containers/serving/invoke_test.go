package serving

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARequestGoesThroughThePipelineInOrder(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a"), fakeContainer("b"), fakeContainer("c")))
	text, response, err := ask(t, f, &Request{
		ContentType: "text/csv", Accept: "application/json", CustomAttributes: "x=1", InferenceID: "id",
	}, "1,2")
	require.NoError(t, err)
	assert.Equal(t, "c(b(a(1,2)))", text)
	assert.Equal(t, "text/c", response.ContentType)
	assert.Equal(t, "text/b,application/json,x=1,id,", response.CustomAttributes)
	require.Len(t, response.Latencies, 3)
	for i, want := range []string{"a", "b", "c"} {
		assert.Equal(t, want, response.Latencies[i].Hostname)
		assert.Positive(t, response.Latencies[i].Took)
	}
}

func TestOnlyTheLastContainerIsToldWhatToAnswerWith(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a"), fakeContainer("b")))
	f.containers = f.containers[:1]
	_, response, err := ask(t, f, &Request{ContentType: "text/csv", Accept: "x/y"}, "")
	require.NoError(t, err)
	assert.Equal(t, "text/csv,x/y,,,", response.CustomAttributes)
}

func TestTheFirstErrorEndsThePipeline(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a"), fakeContainer("b")))
	_, _, err := ask(t, f, &Request{}, "refuse")
	assert.Equal(t, &ModelError{Hostname: "a", Status: 418, Message: "no such column\n"}, err)
	_, _, err = ask(t, f, &Request{}, "long")
	assert.Equal(t, &ModelError{Hostname: "a", Status: 500}, err)
}

func TestADirectInvocationGoesToOneContainer(t *testing.T) {
	t.Parallel()
	direct := spec(fakeContainer("a"), fakeContainer("b"))
	direct.Direct = true
	f := newBench(t).start(t, direct)
	text, response, err := ask(t, f, &Request{TargetContainer: "b"}, "1")
	require.NoError(t, err)
	assert.Equal(t, "b(1)", text)
	assert.Len(t, response.Latencies, 1)
	_, _, err = ask(t, f, &Request{TargetContainer: "c"}, "1")
	assert.Equal(t, invalid("Endpoint flowers-dev has no container with the hostname c."), err)
	_, _, err = ask(t, f, &Request{}, "1")
	assert.Equal(t,
		invalid("Endpoint flowers-dev uses direct invocation and requires target container hostname header."), err)
}

func TestTargetsOfOtherKindsOfEndpointsAreRefused(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a")))
	_, _, err := ask(t, f, &Request{TargetContainer: "a"}, "1")
	assert.Equal(t, invalid("Endpoint flowers-dev does not use direct invocation and does not support "+
		"target container hostname header."), err)
	_, _, err = ask(t, f, &Request{TargetModel: "a"}, "1")
	assert.Equal(t,
		invalid("Endpoint flowers-dev is not a multi-model endpoint and does not support target model header."), err)
}

func TestACrashedContainerIsStartedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := b.start(t, spec(fakeContainer("a"), fakeContainer("b")))
	before := f.PIDs()
	require.Len(t, before, 2)
	_, _, err := ask(t, f, &Request{}, "die")
	var failure *ModelError
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, 0, failure.Status)
	assert.Equal(t, "Container a gave no response: EOF", failure.Message)
	served := func() bool {
		_, _, err := ask(t, f, &Request{}, "1")
		return err == nil
	}
	require.Eventually(t, served, generous, time.Millisecond)
	assert.Equal(t, before[1], f.PIDs()[1])
	assert.NotEqual(t, before[0], f.PIDs()[0])

	f.Crash()
	for _, id := range before[1:] {
		gone := func() bool { return errors.Is(syscall.Kill(id, 0), syscall.ESRCH) }
		require.Eventually(t, gone, generous, time.Millisecond)
	}
	require.Eventually(t, func() bool { return len(b.log.lines("the container ended with signal: killed")) == 2 },
		generous, time.Millisecond)
	require.Eventually(t, served, generous, time.Millisecond)
	assert.Len(t, f.PIDs(), 2)
}

func TestARequestToAContainerThatIsDownFailsWithoutAStatus(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a")))
	p := f.containers[0].ready.Swap(nil)
	_, _, err := ask(t, f, &Request{}, "1")
	assert.Equal(t, &ModelError{Hostname: "primary", Message: "Container primary gave no response: " +
		"the container has ended and is being started again"}, err)
	f.containers[0].ready.Store(p)
	f.Close()
	_, _, err = ask(t, f, &Request{}, "1")
	assert.EqualError(t, err, "Container primary gave no response: the host of the containers is closed")
}

func TestWhatAContainerStartedEndsWithIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := b.start(t, spec(with(fakeContainer("a"), "MODE", "family")))
	child := func(index int) int {
		require.Eventually(t, func() bool { return len(b.log.lines("child ")) > index }, generous, time.Millisecond)
		id, err := strconv.Atoi(strings.TrimPrefix(b.log.lines("child ")[index], "child "))
		require.NoError(t, err)
		return id
	}
	gone := func(id int) func() bool {
		return func() bool { return errors.Is(syscall.Kill(id, 0), syscall.ESRCH) || zombie(id) }
	}
	first := child(0)
	_, _, err := ask(t, f, &Request{}, "die")
	require.Error(t, err)
	require.Eventually(t, gone(first), generous, time.Millisecond)
	require.Eventually(t, func() bool { return len(b.log.lines("listening")) == 2 }, generous, time.Millisecond)
	second := child(1)
	f.Close()
	require.Eventually(t, gone(second), generous, time.Millisecond)
	assert.NoDirExists(t, f.dir)
}

func TestTheTimeOfARequestIsTheContexts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := b.start(t, spec(fakeContainer("a"), fakeContainer("b")))
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, &Request{Body: strings.NewReader("hang"), Size: 4})
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(b.log.lines("hanging")) == 1 }, generous, time.Millisecond)
	cancel()
	err := <-failed
	require.ErrorIs(t, err, context.Canceled)
	assert.EqualError(t, err, "container a: context canceled")
	assert.Equal(t, `Received server error (0) from a with message "Your invocation timed out while waiting for a `+
		`response from container a. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, `+
		`and try again.". See https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logEventViewer:`+
		`group=/aws/sagemaker/Endpoints/flowers-dev in account 123456789012 for more information.`,
		f.TimedOut(err).Sentence("eu-west-1", "flowers-dev", "123456789012"))
}

func TestErrorsAreWordedAsInTheException(t *testing.T) {
	t.Parallel()
	const see = " See https://r.console.aws.amazon.com/cloudwatch/home?region=r#logEventViewer:" +
		"group=/aws/sagemaker/Endpoints/e in account 1 for more information."
	client := &ModelError{Hostname: "primary", Status: 400, Message: `no "x"`}
	for want, err := range map[string]*ModelError{
		`Received client error (400) from primary with message "no "x"".`:                 client,
		`Received server error (500) from b and could not load the entire response body.`: {Hostname: "b", Status: 500},
	} {
		assert.Equal(t, want+see, err.Sentence("r", "e", "1"))
	}
}

func TestAClosingFleetLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := b.start(t, spec(fakeContainer("a")))
	answered := make(chan error)
	go func() {
		response, err := f.Invoke(t.Context(), &Request{Body: strings.NewReader("slow"), Size: 4})
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			err = errors.Join(err, response.Body.Close())
		}
		answered <- err
	}()
	require.Eventually(t, func() bool { return len(b.log.lines("slow")) == 1 }, generous, time.Millisecond)
	closed := make(chan struct{})
	go func() {
		f.Close()
		close(closed)
	}()
	require.NoError(t, <-answered)
	<-closed
	assert.Empty(t, f.PIDs())
}

func TestABodyOfUnknownLengthIsSentWhole(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a")))
	response, err := f.Invoke(t.Context(), &Request{Body: bytes.NewBufferString("1,2"), Size: -1})
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, response.Body.Close())
	assert.Equal(t, "a(1,2)", text.String())
	assert.Zero(t, f.underWay)
}

func TestATransportErrorInTheMiddleOfAnAnswerEndsThePipeline(t *testing.T) {
	t.Parallel()
	f := newBench(t).start(t, spec(fakeContainer("a"), fakeContainer("b")))
	c := f.containers[0]
	_, err := c.read(t.Context(), http.NoBody)
	require.NoError(t, err)
	_, err = c.read(t.Context(), failing{})
	assert.Equal(t, &ModelError{Hostname: "a", Message: "Container a gave no response: cut"}, err)
}

// failing is a body that breaks.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut") }
func (failing) Close() error             { return nil }

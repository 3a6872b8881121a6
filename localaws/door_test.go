package localaws

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol"
)

// ask sends a request through a door and tells when it is answered.
func ask(d *door, path string, own bool) <-chan int {
	answered := make(chan int, 1)
	go func() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if own {
			protocol.MarkOwn(r.Header)
		}
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		answered <- w.Code
	}()
	return answered
}

func TestAShutDoorWaitsForThoseInsideAndKeepsOthersOut(t *testing.T) {
	t.Parallel()
	entered, release := make(chan string), make(chan struct{})
	d := newDoor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entered <- r.URL.Path
		if r.URL.Path == "/slow" {
			<-release
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	d.drain = time.Hour
	slow := ask(d, "/slow", false)
	require.Equal(t, "/slow", <-entered)
	shut := make(chan error, 1)
	go func() { shut <- d.shut() }()
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.opens != nil
	}, time.Minute, time.Millisecond)

	own := ask(d, "/own", true)
	require.Equal(t, "/own", <-entered, "what is inside may need it")
	assert.Equal(t, http.StatusNoContent, <-own)
	late := ask(d, "/late", false)
	select {
	case err := <-shut:
		t.Fatal("it does not wait for the request inside:", err)
	case path := <-entered:
		t.Fatal(path, "came in")
	default:
	}
	close(release)
	assert.Equal(t, http.StatusNoContent, <-slow)
	require.NoError(t, <-shut)
	d.open()
	require.Equal(t, "/late", <-entered)
	assert.Equal(t, http.StatusNoContent, <-late)
}

func TestARequestThatTakesTooLongIsToldToEnd(t *testing.T) {
	t.Parallel()
	entered := make(chan bool)
	d := newDoor(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		entered <- true
		<-r.Context().Done()
	}))
	d.drain = time.Second
	slow := ask(d, "/", false)
	<-entered
	require.NoError(t, d.shut())
	<-slow
}

func TestADoorThatCannotBeShutOpensAgain(t *testing.T) {
	t.Parallel()
	entered, release := make(chan bool, 2), make(chan struct{})
	d := newDoor(http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) {
		entered <- true
		<-release
	}))
	d.drain = time.Millisecond
	first := ask(d, "/", false)
	<-entered
	require.ErrorIs(t, d.shut(), errBusy)
	second := ask(d, "/", false)
	<-entered
	close(release)
	<-first
	<-second
	require.NoError(t, d.shut())
}

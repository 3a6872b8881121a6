package cloudclock_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/cloudclock"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// local is a clock that gains a minute with every look.
func local(t *testing.T, answer string) (cloudclock.Local, *atomic.Int32) {
	t.Helper()
	looks := &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "GET /_local/clock", r.Method+" "+r.URL.Path)
		now := noon.Add(time.Duration(looks.Add(1)-1) * time.Minute)
		if answer != "" {
			fmt.Fprint(w, answer)
			return
		}
		fmt.Fprintf(w, `{"now": %q, "speed": 60000}`, now.Format(time.RFC3339))
	}))
	t.Cleanup(server.Close)
	return cloudclock.Local(server.URL), looks
}

func TestASleepLastsAsLongAsTheCloudsClockTakes(t *testing.T) {
	t.Parallel()
	clock, looks := local(t, "")
	require.NoError(t, clock.Sleep(t.Context(), 5*time.Minute))
	assert.Equal(t, int32(6), looks.Load(), "five minutes, and a look before them")
	now, err := clock.Now(t.Context())
	require.NoError(t, err)
	assert.Equal(t, noon.Add(6*time.Minute), now)
}

func TestAnEndpointsClockIsALocalAWSsOrElseTheWorlds(t *testing.T) {
	t.Parallel()
	fast, _ := local(t, "")
	assert.Equal(t, fast, cloudclock.At(t.Context(), string(fast)))
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	assert.Equal(t, cloudclock.World{}, cloudclock.At(t.Context(), other.URL))
}

func TestASleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	clock, _ := local(t, "")
	require.ErrorIs(t, clock.Sleep(ctx, time.Hour), context.Canceled)
	assert.ErrorIs(t, cloudclock.World{}.Sleep(ctx, time.Hour), context.Canceled)
}

func TestAClockThatShowsNoTimeIsAnError(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"nonsense": "clock of the local AWS: invalid character 'o' in literal null (expecting 'u')",
		"{}":       "clock of the local AWS: it shows no time",
		`{"now": "2026-01-01T12:00:00Z", "speed": -1}`: "clock of the local AWS: it shows no time",
	} {
		clock, _ := local(t, answer)
		require.EqualError(t, clock.Sleep(t.Context(), time.Hour), want)
	}
	_, err := cloudclock.Local("http://127.0.0.1:1").Now(t.Context())
	assert.ErrorContains(t, err, "clock of the local AWS: ")
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestTheWorldsTimeIsThatOfThisMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		require.NoError(t, cloudclock.World{}.Sleep(t.Context(), time.Hour))
		now, err := cloudclock.World{}.Now(t.Context())
		require.NoError(t, err)
		assert.Equal(t, began.Add(time.Hour), now)
	})
}

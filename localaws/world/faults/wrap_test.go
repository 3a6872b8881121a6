package faults

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

func TestOnlyTheRequestsOfTheRuleAreHit(t *testing.T) {
	t.Parallel()
	invoke := func(endpoint string) *http.Request {
		return signed("POST", "/endpoints/"+endpoint+"/invocations", "sagemaker", "x")
	}
	tests := []struct {
		name    string
		rule    Rule
		request *http.Request
		want    int
	}{
		{"the service", Rule{Service: "sagemaker"}, jsonCall("CreateModel", "{}"), 400},
		{"another service", Rule{Service: "sns"}, jsonCall("CreateModel", "{}"), elsewhere},
		{"invocations are not SageMaker's", Rule{Service: "sagemaker"}, invoke("e"), elsewhere},
		{"invocations", Rule{Service: runtimeService}, invoke("e"), 400},
		{"the operation", Rule{Service: "sagemaker", Operation: "CreateModel"}, jsonCall("CreateModel", "{}"), 400},
		{"another operation", Rule{Service: "sagemaker", Operation: "CreateModel"}, jsonCall("ListModels", "{}"), elsewhere},
		{"a form", Rule{Service: "iam", Operation: "GetRole"}, formCall("iam", "Action=GetRole&RoleName=r"), 400},
		{"another form", Rule{Service: "iam", Operation: "GetRole"}, formCall("iam", "Action=GetUser"), elsewhere},
		{"the endpoint", Rule{Service: runtimeService, Resource: "flowers-*"}, invoke("flowers-dev"), 400},
		{"another endpoint", Rule{Service: runtimeService, Resource: "flowers-*"}, invoke("trees-dev"), elsewhere},
		{
			"a name in the body",
			Rule{Service: "sagemaker", Resource: "m?del"},
			jsonCall("CreateModel", `{"ModelName":"model"}`), 400,
		},
		{
			"another name in the body",
			Rule{Service: "sagemaker", Resource: "m?del"},
			jsonCall("CreateModel", `{"ModelName":"moodel"}`), elsewhere,
		},
		{"objects", Rule{Service: "s3", Resource: "b/a*"}, signed("GET", "/b/a/b/c", "s3", ""), 400},
		{"objects elsewhere", Rule{Service: "s3", Resource: "b/a*"}, signed("GET", "/bb/a", "s3", ""), elsewhere},
		{"a pattern is no expression", Rule{Service: "s3", Resource: "b/[a].+"}, signed("GET", "/b/aa", "s3", ""), elsewhere},
		{"local paths", Rule{Service: "s3"}, signed("GET", "/_local/health", "s3", ""), elsewhere},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.rule.Error = "X"
			assert.Equal(t, test.want, set(t, test.rule).status(test.request))
		})
	}
}

func TestARateIsSpreadEvenly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rate float64
		want string
	}{
		{1, "xxxxxxxxxxxx"},
		{0.25, "...x...x...x"},
		{0.5, ".x.x.x.x.x.x"},
		{0.75, ".xxx.xxx.xxx"},
		{0.1, ".........x.."},
	}
	for _, test := range tests {
		f := set(t, Rule{Service: "s3", Error: "SlowDown", Rate: &test.rate})
		var got string
		for range test.want {
			mark := "."
			if f.status(signed("GET", "/b/k", "s3", "")) == http.StatusServiceUnavailable {
				mark = "x"
			}
			got += mark
		}
		assert.Equal(t, test.want, got, test.rate)
	}
}

func TestARateIsExactForManyRequestsAtOnce(t *testing.T) {
	t.Parallel()
	f := set(t, Rule{Service: "s3", Error: "SlowDown", Rate: new(0.29)})
	var refused atomic.Int64
	var clients sync.WaitGroup
	for range 10 {
		clients.Go(func() {
			for range 100 {
				if f.status(signed("GET", "/b/k", "s3", "")) == http.StatusServiceUnavailable {
					refused.Add(1)
				}
			}
		})
	}
	clients.Wait()
	assert.Equal(t, int64(290), refused.Load())
	assert.Equal(t, 290, f.List()[0].Hits)
}

func TestAFaultEndsWithItsCount(t *testing.T) {
	t.Parallel()
	f := set(t, Rule{Service: "s3", Error: "SlowDown", Count: 2, Rate: new(0.5)})
	var got []int
	for range 6 {
		got = append(got, f.status(signed("GET", "/b/k", "s3", "")))
	}
	assert.Equal(t, []int{elsewhere, 503, elsewhere, 503, elsewhere, elsewhere}, got)
	assert.Nil(t, f.active.Load())
	assert.Equal(t, 2, f.List()[0].Hits)
}

func TestFaultsThatAreTakenAwayHitNothing(t *testing.T) {
	t.Parallel()
	f := set(t, Rule{Service: "s3", Error: "SlowDown"}, Rule{Service: "s3", Error: "AccessDenied"})
	get := func() int { return f.status(signed("GET", "/b/k", "s3", "")) }
	assert.Equal(t, 503, get())
	assert.True(t, f.Remove("a"))
	assert.False(t, f.Remove("a"))
	assert.Equal(t, 403, get())
	f.Clear()
	assert.Equal(t, elsewhere, get())
	assert.Empty(t, f.List())
}

func TestAFaultThatIsSetAgainStartsAnew(t *testing.T) {
	t.Parallel()
	rule := Rule{Service: "s3", Error: "SlowDown", Count: 1}
	f := set(t, rule)
	assert.Equal(t, 503, f.status(signed("GET", "/b/k", "s3", "")))
	require.NoError(t, f.Set("a", rule))
	assert.Equal(t, []Fault{{Name: "a", Rule: rule}}, f.List())
	assert.Equal(t, 503, f.status(signed("GET", "/b/k", "s3", "")))
}

// slow is faults by a clock that runs a hundred times as fast as the world's.
func slow(t *testing.T, log io.Writer, rules ...Rule) *Faults {
	t.Helper()
	f := set(t, rules...)
	f.clock, f.log = clock.New(time.Now()), log
	require.NoError(t, f.clock.SetSpeed(100))
	return f
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestARequestIsDelayedInTheTimeOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := slow(t, &log, Rule{Service: "s3", Delay: "100s"}, Rule{Service: "s3", Delay: "200s", Error: "SlowDown"},
			Rule{Service: "s3", Delay: "400s"})
		began := time.Now()
		assert.Equal(t, 503, f.status(signed("GET", "/b/k", "s3", "")))
		assert.Equal(t, 3*time.Second, time.Since(began))
		assert.True(t, f.Remove("b"))
		assert.Equal(t, elsewhere, f.status(signed("GET", "/b/k", "s3", "")))
		assert.Equal(t, 8*time.Second, time.Since(began))
		assert.Equal(t, "faults: a delays s3.\"GetObject\" by 100s\nfaults: b delays s3.\"GetObject\" by 200s\n"+
			"faults: b refuses s3.\"GetObject\" with 503 SlowDown\n"+
			"faults: a delays s3.\"GetObject\" by 100s\nfaults: c delays s3.\"GetObject\" by 400s\n", log.String())
	})
}

//nolint:paralleltest // A bubble of synctest belongs to one test.
func TestAClientThatLeavesDuringADelayIsNotServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		served := false
		w := httptest.NewRecorder()
		slow(t, io.Discard, Rule{Service: "s3", Delay: "1h"}).Wrap(http.HandlerFunc(
			func(http.ResponseWriter, *http.Request) { served = true },
		)).ServeHTTP(w, signed("GET", "/b/k", "s3", "").WithContext(ctx))
		assert.False(t, served)
		assert.Equal(t, http.StatusOK, w.Code)
	})
}

func TestABodyThatBreaksOffBreaksOffForNextToo(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line is dead")
	f := set(t, Rule{Service: "sagemaker", Resource: "other", Error: "X"})
	r := jsonCall("CreateModel", "")
	r.Body = io.NopCloser(io.MultiReader(bytes.NewBufferString(`{"Mod`), iotest.ErrReader(broken)))
	f.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.Equal(t, `{"Mod`, string(body))
		assert.ErrorIs(t, err, broken)
	})).ServeHTTP(httptest.NewRecorder(), r)
}

func BenchmarkWrap(b *testing.B) {
	const other = "other-*"
	for name, rules := range map[string][]Rule{
		"no rule":         nil,
		"another service": {{Service: "s3", Error: "X"}},
		"another name":    {{Service: runtimeService, Resource: other, Error: "X"}},
	} {
		b.Run(name, func(b *testing.B) {
			f := newFaults()
			for _, rule := range rules {
				require.NoError(b, f.Set("a", rule))
			}
			handler := f.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			r := signed("POST", "/endpoints/e/invocations", "sagemaker", "1,2")
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(nil, r)
			}
		})
	}
}

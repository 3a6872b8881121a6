package serving

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// manyModels is a bench whose bucket has some models, and the description of a container that holds some at a time.
func manyModels(t *testing.T, capacity int, names ...string) (*bench, Spec) {
	t.Helper()
	b := newBench(t)
	for _, name := range names {
		b.s3.put("b/models/"+name+".tar.gz", pack(t, "model.txt", name))
	}
	c := with(fakeContainer("a"), "CAPACITY", fmt.Sprint(capacity))
	c.ModelData, c.MultiModel = "s3://b/models", true
	return b, spec(c)
}

// predict asks a model, and wants its answer.
func predict(t *testing.T, f *Fleet, name, body string) {
	t.Helper()
	text, _, err := ask(t, f, &Request{TargetModel: name + ".tar.gz"}, body)
	require.NoError(t, err)
	assert.Equal(t, name+"("+body+")", text)
}

// observations are what a fleet has measured.
type observations struct {
	mu     sync.Mutex
	values map[string][]float64
}

func observe(f *Fleet) *observations {
	o := &observations{values: map[string][]float64{}}
	f.Watch(func(event string, value float64) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.values[event] = append(o.values[event], value)
	})
	return o
}

func (o *observations) of(event string) []float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.values[event]
}

func TestAModelIsLoadedOnceOnFirstUse(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "m")
	f := b.start(t, s)
	seen := observe(f)
	assert.Empty(t, b.log.lines("load"))
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			text, _, err := ask(t, f, &Request{TargetModel: "m.tar.gz"}, "1")
			assert.NoError(t, err)
			assert.Equal(t, "m(1)", text)
		})
	}
	group.Wait()
	_, response, err := ask(t, f, &Request{TargetModel: "m.tar.gz", ContentType: "text/csv"}, "1")
	require.NoError(t, err)
	assert.Equal(t, "text/csv,,,,m.tar.gz", response.CustomAttributes)
	f.Close()
	assert.Equal(t, []string{"load m"}, b.log.lines("load"))
	assert.Equal(t, 1, b.s3.gets["b/models/m.tar.gz"])
	hits := seen.of("ModelCacheHit")
	assert.Len(t, hits, 21)
	assert.Equal(t, []float64{0, 1}, []float64{hits[0], hits[20]})
	misses := 0
	for _, hit := range hits {
		misses += int(1 - hit)
	}
	waits := seen.of("ModelLoadingWaitTime")
	assert.Len(t, waits, misses)
	assert.GreaterOrEqual(t, waits[0], float64(1), "microseconds")
	assert.Len(t, seen.of("ModelDownloadingTime"), 1)
	assert.Len(t, seen.of("ModelLoadingTime"), 1)
	assert.Empty(t, seen.of("ModelUnloadingTime"))
	assert.Equal(t, []float64{1}, seen.of("LoadedModelCount"))
}

func TestTheLeastRecentlyUsedModelMakesRoom(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "a", "b", "c")
	f := b.start(t, s)
	seen := observe(f)
	for _, name := range []string{"a", "b", "a", "c", "b"} {
		predict(t, f, name, "1")
	}
	f.Close()
	assert.Equal(t, []string{"load a", "load b", "unload b", "load c", "unload a", "load b"}, b.log.lines("(un)?load "))
	assert.Equal(t, 1, b.s3.gets["b/models/b.tar.gz"], "the folder is kept")
	assert.Equal(t, []float64{1, 2, 1, 2, 1, 2}, seen.of("LoadedModelCount"))
	assert.Len(t, seen.of("ModelUnloadingTime"), 2)
	assert.Equal(t, []float64{0, 0, 1, 0, 0}, seen.of("ModelCacheHit"))
}

func TestModelsThatCompeteForRoomAllGetTheirTurn(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 1, "a", "b", "c")
	f := b.start(t, s)
	var group sync.WaitGroup
	for i := range 30 {
		group.Go(func() {
			name := string(rune('a' + i%3))
			text, _, err := ask(t, f, &Request{TargetModel: name + ".tar.gz"}, "1")
			assert.NoError(t, err)
			assert.Equal(t, name+"(1)", text)
		})
	}
	group.Wait()
}

func TestAModelForWhichThereIsNoRoomFails(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 0, "a")
	f := b.start(t, s)
	_, _, err := ask(t, f, &Request{TargetModel: "a.tar.gz"}, "1")
	assert.Equal(t, &ModelError{Hostname: "primary", Status: 507, Message: "no memory\n"}, err)
}

func TestModelsThatCannotBeHadAreRefused(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2)
	b.s3.put("b/models/text", []byte("weights, but not in an archive"))
	b.s3.put("b/models/empty", pack(t, "other.txt", ""))
	f := b.start(t, s)
	_, _, err := ask(t, f, &Request{}, "1")
	assert.Equal(t, invalid("Endpoint flowers-dev is a multi-model endpoint and requires target model header."), err)
	_, _, err = ask(t, f, &Request{TargetModel: "none"}, "1")
	assert.Equal(t, invalid("Failed to download model data(bucket: b, key: models/none). Please ensure that there is an "+
		"object located at the URL and that the role passed to CreateModel has permissions to download the model."), err)
	_, _, err = ask(t, f, &Request{TargetModel: "text"}, "1")
	assert.Equal(t, invalid("Failed to extract model data archive(bucket: b, key: models/text). Please ensure that the "+
		"object located at the URL is a valid tar.gz archive. (s3://b/models/text: not a valid tar.gz archive: "+
		"unpack: gzip: invalid header)"), err)
	_, _, err = ask(t, f, &Request{TargetModel: "empty"}, "1")
	assert.Equal(t, &ModelError{Hostname: "primary", Status: 400, Message: "the model has no model.txt\n"}, err)
	b.s3.put("b/models/none", pack(t, "model.txt", "late"))
	text, _, err := ask(t, f, &Request{TargetModel: "none"}, "1")
	require.NoError(t, err)
	assert.Equal(t, "late(1)", text, "a failed load is tried again")
}

func TestALoadGoesOnWhenItsRequestHasLeft(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "stuck")
	f := b.start(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, &Request{TargetModel: "stuck.tar.gz", Body: strings.NewReader("1"), Size: 1})
		failed <- err
	}()
	gets := func() int {
		b.s3.mu.Lock()
		defer b.s3.mu.Unlock()
		return b.s3.gets["b/models/stuck.tar.gz"]
	}
	require.Eventually(t, func() bool { return gets() == 1 }, generous, time.Millisecond)
	cancel()
	var refusal *Refusal
	require.ErrorAs(t, <-failed, &refusal)
	assert.Equal(t, "ModelNotReadyException", refusal.Code)

	require.NoError(t, b.clock.SetSpeed(clock.MaxSpeed))
	_, _, err := ask(t, f, &Request{TargetModel: "stuck.tar.gz"}, "1")
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 1, gets(), "the second request waits for the first one's load, until that takes too long")
}

func TestACrashedContainerHasItsModelsLoadedAgain(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "m")
	f := b.start(t, s)
	seen := observe(f)
	predict(t, f, "m", "1")
	f.Crash()
	require.Eventually(t, func() bool {
		_, _, err := ask(t, f, &Request{TargetModel: "m.tar.gz"}, "1")
		return err == nil && len(b.log.lines("listening")) == 2
	}, generous, time.Millisecond)
	f.Close()
	assert.Equal(t, []string{"load m", "load m"}, b.log.lines("load"))
	assert.Equal(t, 1, b.s3.gets["b/models/m.tar.gz"])
	assert.Equal(t, []float64{1, 0, 1}, seen.of("LoadedModelCount"))
}

func TestAModelThatTheContainerForgotIsLoadedAgainOnce(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "m")
	f := b.start(t, s)
	predict(t, f, "m", "1")
	_, _, err := ask(t, f, &Request{TargetModel: "m.tar.gz"}, "forget")
	assert.Equal(t, &ModelError{Hostname: "primary", Status: 404}, err, "it forgets at each request")
	predict(t, f, "m", "2")
	f.Close()
	assert.Equal(t, []string{"load m", "load m", "load m"}, b.log.lines("load"))
}

func TestWithoutACacheAModelLeavesAfterItsRequest(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 2, "m")
	s.Containers[0].CacheDisabled = true
	f := b.start(t, s)
	seen := observe(f)
	for range 2 {
		predict(t, f, "m", "1")
	}
	require.Eventually(t, func() bool { return len(seen.of("ModelUnloadingTime")) == 2 }, generous, time.Millisecond)
	f.Close()
	assert.Equal(t, []string{"load m", "unload m", "load m", "unload m"}, b.log.lines("(un)?load "))
	assert.Equal(t, []float64{0, 0}, seen.of("ModelCacheHit"))
	assert.Equal(t, 2, b.s3.gets["b/models/m.tar.gz"], "the folder is removed")
}

func TestFoldersOfModelsThatAreNotLoadedAreRemovedInTheEnd(t *testing.T) {
	t.Parallel()
	names := make([]string, maxFolders+3)
	for i := range names {
		names[i] = fmt.Sprintf("m%03d", i)
	}
	b, s := manyModels(t, 1, names...)
	f := b.start(t, s)
	for _, name := range names {
		predict(t, f, name, "1")
	}
	m := f.containers[0].models
	m.mu.Lock()
	assert.Len(t, m.known, maxFolders+1, "the loaded one is not counted")
	assert.NotContains(t, m.known, "m001.tar.gz")
	assert.Contains(t, m.known, "m002.tar.gz")
	m.mu.Unlock()
	predict(t, f, "m000", "1")
	assert.Equal(t, 2, b.s3.gets["b/models/m000.tar.gz"])
}

func TestAContainerOfManyModelsIsToldSo(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 1, "m")
	f := b.start(t, s)
	text, _, err := ask(t, f, &Request{TargetModel: "m.tar.gz"}, "env")
	require.NoError(t, err)
	assert.Contains(t, text, "SAGEMAKER_MULTI_MODEL=true")
}

package serving

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModelDataStopsAtWhatTheVolumeHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	weights := strings.Repeat("w", 1000)
	b.s3.put("b/model.tar.gz", pack(t, "weights.bin", weights))
	b.s3.put("b/files/weights.bin", []byte(weights))
	const full = `Failed to extract model data for container "container_1" from URL "`
	for _, c := range []Container{data("s3://b/model.tar.gz", false), data("s3://b/files/", true)} {
		small := spec(c)
		small.VolumeBytes = 999
		_, err := b.Start(t.Context(), small)
		assert.EqualError(t, err, full+c.ModelData+`": the files do not fit on the volume, which holds 9.304e-07 GB.`)
		large := spec(c)
		large.VolumeBytes = 1000
		b.start(t, large)
	}
	// The containers of an instance share its volume.
	two := spec(data("s3://b/model.tar.gz", false), data("s3://b/model.tar.gz", false))
	two.VolumeBytes = 1999
	_, err := b.Start(t.Context(), two)
	assert.ErrorContains(t, err, "the files do not fit on the volume")
}

func TestManyModelsShareAVolume(t *testing.T) {
	t.Parallel()
	b, s := manyModels(t, 1, "a", "b", "c", "d")
	b.s3.put("b/models/large.tar.gz", pack(t, "model.txt", strings.Repeat("l", 4)))
	s.VolumeBytes = 3
	f := b.start(t, s)
	// One is loaded at a time. The fourth goes to the place of those that are not.
	for _, name := range []string{"a", "b", "c", "d", "a"} {
		predict(t, f, name, "1")
	}
	assert.Equal(t, 2, b.s3.gets["b/models/a.tar.gz"])
	_, _, err := ask(t, f, &Request{TargetModel: "large.tar.gz"}, "1")
	assert.EqualError(t, err, "Failed to extract model data archive s3://b/models/large.tar.gz: "+
		"the files do not fit on the volume, which holds 2.794e-09 GB.")
	predict(t, f, "a", "1")
}

func TestAVariableThatRunsOtherCodeStartsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.Start(t.Context(), spec(with(fakeContainer("a"), "LD_PRELOAD", "/tmp/x.so")))
	require.ErrorContains(t, err, "run other code: LD_PRELOAD, which is read by the dynamic loader")
	assert.Empty(t, b.log.lines("listening"))
}

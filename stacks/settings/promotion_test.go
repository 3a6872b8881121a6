package settings

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/release/gates"
)

// withStack is a folder with the file of a stack "test".
func withStack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.test.yaml"), nil, 0o600))
	return dir
}

func TestPromotionsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:promotion"
	dir := withStack(t)
	refuse(t, []row{
		{
			name: "from nowhere", dir: dir, set: change{"promotion": "{}"},
			want: []string{at + ".from: is required"},
		},
		{
			name: "from the stack itself", dir: dir, set: change{"promotion": "{from: dev}"},
			want: []string{at + `.from: "dev" is this stack itself`},
		},
		{
			name: "from a stack without a file", dir: dir, set: change{"promotion": "{from: staging}"},
			want: []string{at + `.from: there is no file "Pulumi.staging.yaml" in the folder of Pulumi.yaml`},
		},
		{
			name: "from another folder", dir: dir, set: change{"promotion": "{from: /../../x}"},
			want: []string{at + `.from: "Pulumi./../../x.yaml" is not in the folder of Pulumi.yaml`},
		},
		{
			name: "evidence of no age", dir: dir, set: change{"promotion": "{from: test, evidenceMaxAge: 59s}"},
			want: []string{at + ".evidenceMaxAge: 59s is not between 1m and 87600h"},
		},
		{
			name: "gates of an unknown model", dir: dir,
			set:  change{"promotion": "{from: test, gates: {flower: {smoke: {}}}}"},
			want: []string{at + `.gates.flower: "flower" is not among the stack's models; did you mean "flowers"?`},
		},
		{
			name: "an unknown gate", dir: dir, set: change{"promotion": "{from: test, gates: {flowers: {smok: {}}}}"},
			want: []string{at + `.gates.flowers.smok: is an unknown key; did you mean "smoke"?`},
		},
		{
			name: "limits out of range", dir: dir,
			set: change{"promotion": "{from: test, gates: {flowers: {smoke: {p99: 0s}, bake: {for: 59s, minSamples: 0}}}}"},
			want: []string{
				at + ".gates.flowers.bake.for: 59s is not between 2m and 24h",
				at + ".gates.flowers.bake.minSamples: 0 is less than 1",
				at + ".gates.flowers.smoke.p99: 0s is not between 1ms and 1m",
			},
		},
		{
			name: "a metric without a limit", dir: dir,
			set:  change{"promotion": "{from: test, gates: {flowers: {evaluation: {accuracy: {}}}}}"},
			want: []string{at + ".gates.flowers.evaluation.accuracy: sets nothing; set min, max, maxDrop or maxRise"},
		},
	})
}

func TestAPromotionSaysWhatItDemands(t *testing.T) {
	t.Parallel()
	source := configured(t, change{"promotion": "{from: test, gates: {flowers: " +
		"{smoke: {p99: 500ms}, evaluation: {accuracy: {min: 0.9, maxDrop: 0.01}}, bake: {for: 30m, minSamples: 100}}}}"})
	source.Dir = withStack(t)
	s, err := Parse(source)
	require.NoError(t, err)
	assert.Equal(t, "test", s.Promotion.From)
	assert.Equal(t, 168*time.Hour, s.Promotion.MaxAge())
	p99, span, samples, least, drop := 500*time.Millisecond, 30*time.Minute, 100, 0.9, 0.01
	assert.Equal(t, map[string]gates.Demands{"flowers": {
		Smoke: &gates.Smoke{P99: &p99}, Evaluation: gates.Evaluation{"accuracy": {Min: &least, MaxDrop: &drop}},
		Bake: &gates.Bake{For: &span, MinSamples: &samples},
	}}, s.Promotion.Gates)
	minute := time.Minute
	assert.Equal(t, time.Minute, (&Promotion{EvidenceMaxAge: &minute}).MaxAge())
}

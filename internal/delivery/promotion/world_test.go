package promotion_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/promotion"
	"sagehost/internal/live/deployed"
	"sagehost/internal/live/deployed/deployedtest"
	"sagehost/internal/release"
)

const (
	host     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:"
	heldOut  = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	prodFile = `# What customers ask.
config:
  aws:region: eu-west-1
  sagehost:pinned: true   # always
  sagehost:promotion:
    from: dev
    gates:
      flowers:
        smoke: {p99: 500ms}
        evaluation:
          accuracy: {min: 0.9, maxDrop: 0.01}
        bake: {for: 30m, minSamples: 100}

  sagehost:models:
    # ours
    flowers: # the one and only
      MODEL
      networkIsolation: true

  sagehost:endpoints:
    flowers:
      highAvailability: true
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large, initialInstanceCount: 2}
`
	devFile = `config:
  aws:region: eu-west-1
  sagehost:models:
    flowers:
      release: RELEASE
  sagehost:endpoints:
    flowers:
      variants:
        - {name: main, model: flowers, instanceType: ml.m5.large}
`
	inline = "image: " + host + heldOut
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// world is a checkout with two stacks, and the cloud that dev is in.
type world struct {
	t     *testing.T
	dir   string
	cloud *deployedtest.Cloud
	// a, b and c are releases; dev names a, prod describes its model inline.
	a, b, c *release.Release
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), cloud: deployedtest.New()}
	w.git("init", "--quiet", "--initial-branch=main")
	w.git("config", "user.name", "Jo Doe")
	w.git("config", "user.email", "jo@example.com")
	w.write("Pulumi.yaml", "name: sagehost\nruntime: go\n")
	w.write(".gitignore", "/.sagehost/\n")
	w.a, w.b, w.c = w.release("a"), w.release("b"), w.release("c")
	w.prod(inline)
	w.dev(w.a)
	return w
}

// release writes the manifest of a release, whose archive is in the cloud.
func (w *world) release(digit string) *release.Release {
	w.t.Helper()
	r, err := release.New(release.Subject{Containers: []release.Container{{
		Image:    host + strings.Repeat(digit, 64),
		Artifact: w.cloud.Artifact("s3://models/releases/flowers/"+digit+"/model.tar.gz", "weights "+digit),
	}}})
	require.NoError(w.t, err)
	r.Source = release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"}
	_, err = r.Write(filepath.Join(w.dir, "releases"), "flowers")
	require.NoError(w.t, err)
	return r
}

// dev makes the stack dev name a release and serve it.
func (w *world) dev(r *release.Release) {
	w.t.Helper()
	w.write("Pulumi.dev.yaml", strings.Replace(devFile, "RELEASE", r.ID, 1))
	w.cloud.Serve("flowers-dev", r)
}

// prod writes the file of the stack prod, with this description of its model.
func (w *world) prod(model string) {
	w.t.Helper()
	w.write("Pulumi.prod.yaml", strings.Replace(prodFile, "MODEL", model, 1))
}

func (w *world) write(name, text string) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600))
}

func (w *world) read(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	require.NoError(w.t, err)
	return string(text)
}

func (w *world) git(args ...string) string {
	w.t.Helper()
	command := exec.Command("git", args...)
	command.Dir = w.dir
	out, err := command.CombinedOutput()
	require.NoError(w.t, err, "%v: %s", args, out)
	return strings.TrimSpace(string(out))
}

// evidence is passing evidence of every gate, gathered an hour before noon, with this accuracy.
func evidence(r *release.Release, accuracy float64) []release.Evidence {
	at := noon.Add(-time.Hour)
	return []release.Evidence{
		{
			Gate: "smoke", Result: release.Pass, Subject: r.ID, Stack: "dev", At: at,
			Measurements: map[string]float64{"cases": 3, "requests": 30, "p99Ms": 120},
		},
		{
			Gate: "evaluation", Result: release.Pass, Subject: r.ID, Stack: "dev", At: at, Data: heldOut,
			Measurements: map[string]float64{"accuracy": accuracy, "rows": 30},
		},
		{
			Gate: "bake", Result: release.Pass, Subject: r.ID, Stack: "dev", At: at,
			Measurements: map[string]float64{"forSeconds": 1800, "alarms": 7, "samples": 400},
		},
	}
}

// measured adds evidence to a release.
func (w *world) measured(r *release.Release, evidence ...release.Evidence) {
	w.t.Helper()
	_, err := release.Append(filepath.Join(w.dir, "releases"), "flowers", r.ID, evidence...)
	require.NoError(w.t, err)
}

// change is one of the model in prod at a time after noon.
func (w *world) change(after time.Duration) promotion.Change {
	return promotion.Change{
		Dir: w.dir, Model: "flowers", Stack: "prod", By: "Jo Doe <jo@example.com>", Now: noon.Add(after),
	}
}

// in finds the stack dev in the cloud, which must be in this account if one is given.
func (w *world) in(account string) func(context.Context, string) (*deployed.Cloud, error) {
	return func(_ context.Context, stack string) (*deployed.Cloud, error) {
		require.Equal(w.t, "dev", stack)
		cloud := w.cloud.Deployed()
		if account != "" {
			cloud.AllowedAccounts = []string{account}
		}
		return cloud, nil
	}
}

// promote is a promotion to prod, which lets an inline description go.
func (w *world) promote() *promotion.Promote {
	return &promotion.Promote{Change: w.change(0), Cloud: w.in(""), First: true}
}

// promoted measures a release, deploys it to dev, and promotes it.
func (w *world) promoted(r *release.Release, after time.Duration) *promotion.Result {
	w.t.Helper()
	w.dev(r)
	w.measured(r, evidence(r, 0.97)...)
	p := w.promote()
	p.Change = w.change(after)
	result, err := p.Run(w.t.Context())
	require.NoError(w.t, err)
	return result
}

// commit commits everything.
func (w *world) commit() {
	w.t.Helper()
	w.git("add", ".")
	w.git("commit", "--quiet", "-m", "Begin")
}

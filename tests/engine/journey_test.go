package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/require"

	"sagehost/examples/scoring/linear"
	"sagehost/examples/training/artifacts"
	"sagehost/internal/delivery/promotion"
	"sagehost/internal/delivery/releasing"
	"sagehost/internal/engine/deploy"
	"sagehost/internal/engine/stackfile"
	"sagehost/internal/live/cloud"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/localaws"
	localsagemaker "sagehost/localaws/services/sagemaker"
	"sagehost/stacks"
	"sagehost/stacks/settings"
)

// Where releases are kept, so that they outlive the stack that they are made in, and their images.
const (
	releasesBucket = "releases"
	soundImage     = registry + "scoring@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	fragileImage   = registry + "scoring-fragile@sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
)

// journeySpeed is by how much the time of the local AWS runs faster.
const journeySpeed = 120

// journey is a checkout with two stacks on one local AWS, and releases on their way from one to the other.
type journey struct {
	*world
	// checkout is the folder of Pulumi.yaml.
	checkout string
	config   aws.Config
	runtime  *sagemakerruntime.Client
	serving  *deployed.Cloud
}

func newJourney(t *testing.T) *journey {
	t.Helper()
	w := newWorld(t, localsagemaker.Durations{})
	j := &journey{world: w, checkout: t.TempDir(), config: cloud.Local(w.aws.URL(), region)}
	j.runtime = sagemakerruntime.NewFromConfig(j.config, func(o *sagemakerruntime.Options) {
		o.Retryer = aws.NopRetryer{}
	})
	j.serving = &deployed.Cloud{SageMaker: w.clients.sagemaker, S3: w.clients.s3}
	w.stored(releasesBucket, nil)
	w.speed(t, journeySpeed)
	program, err := os.Executable()
	require.NoError(t, err)
	images := fmt.Sprintf("images:\n  - {repository: scoring, go: ./examples/scoring}\n"+
		"  - {repository: scoring-fragile, command: [%q], environment: {%s: \"1\"}}\n", program, fragileProgram)
	require.NoError(t, os.WriteFile(localaws.ImagesPath(w.awsDir()), []byte(images), 0o600))

	sound, err := os.ReadFile(filepath.Join(root, "examples", "flowers", "model.tar.gz"))
	require.NoError(t, err)
	project, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"Pulumi.yaml": project, "Pulumi.dev.yaml": []byte(journeyDev), "Pulumi.prod.yaml": []byte(journeyProd),
		"smoke/flowers.yaml": []byte(journeySmoke), "models/sound.tar.gz": sound, "models/worse.tar.gz": worseModel(t),
	} {
		j.write(t, name, content)
	}
	return j
}

func (j *journey) write(t *testing.T, name string, content []byte) {
	t.Helper()
	path := filepath.Join(j.checkout, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// prod is the text of prod's file.
func (j *journey) prod(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(j.checkout, "Pulumi.prod.yaml"))
	require.NoError(t, err)
	return string(text)
}

// worseModel is the archive of the flowers' model without what speaks for one of the species.
func worseModel(t *testing.T) []byte {
	t.Helper()
	m, err := linear.Load(filepath.Join(root, "examples", "flowers"))
	require.NoError(t, err)
	m.Biases[1] = 0
	text, err := json.Marshal(m)
	require.NoError(t, err)
	archive, err := artifacts.Pack(linear.File, text)
	require.NoError(t, err)
	return archive
}

// settings are those of a stack as its file is now.
func (j *journey) settings(t *testing.T, stack string) *settings.Settings {
	t.Helper()
	file, err := stackfile.Load(j.checkout, stack)
	require.NoError(t, err)
	values, err := file.Config()
	require.NoError(t, err)
	s, err := settings.Parse(settings.Source{Stack: stack, Dir: j.checkout, Config: values, Secret: file.Secret})
	require.NoError(t, err)
	return s
}

// deploy deploys stacks as their files are now, at the same time, and returns what the engine said, by stack, and which
// of them failed.
func (j *journey) deploy(t *testing.T, names ...string) (said map[string]*bytes.Buffer, failed map[string]error) {
	t.Helper()
	said, failed = map[string]*bytes.Buffer{}, map[string]error{}
	var lock sync.Mutex
	var deploying sync.WaitGroup
	for _, name := range names {
		file, err := stackfile.Load(j.checkout, name)
		require.NoError(t, err)
		out := &bytes.Buffer{}
		said[name] = out
		deploying.Go(func() {
			stack, err := deploy.Open(t.Context(), deploy.Options{
				File: file, Program: stacks.In(j.checkout), Pulumi: tools.Pulumi, Plugin: tools.AWSPlugin,
				Dir: j.dir, Env: j.env, Out: out,
			})
			if err == nil {
				_, _, err = stack.Up(t.Context())
			}
			if err != nil {
				lock.Lock()
				defer lock.Unlock()
				failed[name] = err
			}
		})
	}
	deploying.Wait()
	return said, failed
}

// up deploys stacks, which must succeed.
func (j *journey) up(t *testing.T, names ...string) {
	t.Helper()
	said, failed := j.deploy(t, names...)
	for name, err := range failed {
		require.NoError(t, err, "%s: %s", name, said[name])
	}
}

// release makes a release of the model that dev describes, with another image or archive where they are given.
func (j *journey) release(t *testing.T, image, archive string) *release.Release {
	t.Helper()
	options := releasing.Options{
		Dir: j.checkout, Stack: "dev", Settings: j.settings(t, "dev"), Model: "flowers",
		Bucket: func(context.Context) (string, error) { return releasesBucket, nil },
		Images: map[string]string{"": image}, Objects: j.clients.s3, Deployed: j.serving,
		Source: release.Source{Commit: strings.Repeat("c", 40), Builder: "a test"},
	}
	if archive != "" {
		options.Artifacts = map[string]string{"": filepath.Join(j.checkout, archive)}
	}
	built, err := releasing.Build(t.Context(), options)
	require.NoError(t, err)
	require.False(t, built.There)
	return built.Release
}

// use makes dev name a release.
func (j *journey) use(t *testing.T, r *release.Release) {
	t.Helper()
	_, err := promotion.Use(t.Context(), j.change("dev", "Ann"), r.ID)
	require.NoError(t, err)
}

// change is what somebody changes now.
func (j *journey) change(stack, by string) promotion.Change {
	return promotion.Change{Dir: j.checkout, Model: "flowers", Stack: stack, By: by, Now: time.Now()}
}

// promote takes what dev serves to prod.
func (j *journey) promote(t *testing.T, releaseHold bool) (*promotion.Result, error) {
	t.Helper()
	p := promotion.Promote{
		Change: j.change("prod", "Ann"), ReleaseHold: releaseHold, First: true,
		Cloud: func(context.Context, string) (*deployed.Cloud, error) { return j.serving, nil },
	}
	return p.Run(t.Context())
}

// ask is what an endpoint answers to a row.
func (j *journey) ask(ctx context.Context, endpoint, row string) (string, error) {
	answer, err := j.runtime.InvokeEndpoint(ctx, &sagemakerruntime.InvokeEndpointInput{
		EndpointName: &endpoint, ContentType: aws.String("text/csv"), Body: []byte(row),
	})
	if err != nil {
		return "", err
	}
	return string(answer.Body), nil
}

// busy asks an endpoint all the time until the returned function is called.
func (j *journey) busy(t *testing.T, endpoint, row string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var client sync.WaitGroup
	client.Go(func() {
		for ctx.Err() == nil {
			_, _ = j.ask(ctx, endpoint, row) // a canary may fail
			time.Sleep(5 * time.Millisecond)
		}
	})
	return func() {
		cancel()
		client.Wait()
	}
}

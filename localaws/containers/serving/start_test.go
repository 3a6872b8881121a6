package serving

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

// with is a container that also has variables, given as names and values in turn.
func with(c Container, pairs ...string) Container {
	c.Environment = map[string]string{"NAME": c.Hostname}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.Environment[pairs[i]] = pairs[i+1]
	}
	return c
}

func data(uri string, uncompressed bool) Container {
	c := fakeContainer("a")
	c.ModelData, c.Uncompressed = uri, uncompressed
	return c
}

func TestAFailedStartSaysWhyInSageMakersWords(t *testing.T) {
	t.Parallel()
	const ping = "container for production variant main did not pass the ping health check. " +
		"Please check CloudWatch logs for this endpoint. "
	const download = `Failed to download model data for container "container_1" from URL: "%s". Please ensure that ` +
		`there is an object located at the URL and that the role passed to CreateModel has permissions to download ` +
		`the object.`
	tests := map[string]struct {
		containers []Container
		want       string
	}{
		"no containers": {nil, "the model of flowers-dev/main has no containers"},
		"an image that nothing stands for": {
			[]Container{{Image: "registry.example/other:1"}},
			"no local program stands for the image registry.example/other:1: add an entry with \"repository: other\" " +
				"and \"go\" or \"command\" to IMAGES",
		},
		"no object":     {[]Container{data("s3://b/none.tar.gz", false)}, fmt.Sprintf(download, "s3://b/none.tar.gz")},
		"nothing below": {[]Container{data("s3://b/none/", true)}, fmt.Sprintf(download, "s3://b/none/")},
		"not an address": {
			[]Container{data("b/none", false)}, fmt.Sprintf(download, "b/none") + " (b/none: not a URI of Amazon S3)",
		},
		"a key that leads out": {
			[]Container{data("s3://b/out/", true)},
			fmt.Sprintf(download, "s3://b/out/") + " (s3://b/out/../x: mkdirat ..: path escapes from parent)",
		},
		"no permission": {
			[]Container{data("s3://secret/model.tar.gz", false)},
			`Could not access model data at s3://secret/model.tar.gz. Please ensure that the role ` +
				`"arn:aws:iam::123456789012:role/flowers" exists and that its trust relationship policy allows the action ` +
				`"sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has ` +
				`"s3:GetObject" permissions and that the object is located in eu-west-1.`,
		},
		"no archive": {
			[]Container{fakeContainer("z"), data("s3://b/model.txt", false)},
			`Failed to extract model data archive for container "container_2" from URL "s3://b/model.txt". Please ensure ` +
				`that the object located at the URL is a valid tar.gz archive. (s3://b/model.txt: not a valid tar.gz archive: ` +
				`unpack: unexpected EOF)`,
		},
		"a download that hangs": {
			[]Container{data("s3://b/stuck.tar.gz", false)},
			`Failed to download model data for container "container_1" from URL: "s3://b/stuck.tar.gz" within 3600 seconds.`,
		},
		"a program that ends": {
			[]Container{with(fakeContainer("a"), "MODE", "exit")},
			"The primary " + ping + "It ended 3 times before it was ready, at last with exit status 3: ",
		},
		"a program that never gets ready": {
			[]Container{fakeContainer("z"), with(fakeContainer("a"), "MODE", "unhealthy")},
			"The a " + ping + "It did not answer with 200 within 240 seconds. ",
		},
		"a program that is not there": {
			[]Container{{Image: "missing"}},
			"The primary " + ping + "start no-such-program: exec: \"no-such-program\": executable file not found in $PATH",
		},
		"a package that is not there": {
			[]Container{{Image: "gone"}},
			"build ./gone: exit status 1: go: ",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			extendImages(t, b)
			b.s3.put("b/model.txt", []byte("weights"))
			b.s3.put("b/out/../x", nil)
			switch name {
			case "a download that hangs":
				require.NoError(t, b.clock.SetSpeed(clock.MaxSpeed))
			case "a program that never gets ready":
				require.NoError(t, b.clock.SetSpeed(100))
			}
			_, err := b.Start(t.Context(), spec(test.containers...))
			var failure *FailedStart
			require.ErrorAs(t, err, &failure)
			want := strings.ReplaceAll(test.want, "IMAGES", b.images)
			// What follows is what the program has printed until then.
			assert.Equal(t, want, failure.Reason[:min(len(failure.Reason), len(want))])
			left, err := os.ReadDir(b.scratch())
			assert.True(t, len(left) == 0 || os.IsNotExist(err), left)
		})
	}
}

// extendImages adds entries for what cannot be run.
func extendImages(t *testing.T, b *bench) {
	t.Helper()
	text, err := os.ReadFile(b.images)
	require.NoError(t, err)
	text = append(text, "  - {repository: missing, command: [no-such-program]}\n  - {repository: gone, go: ./gone}\n"...)
	require.NoError(t, os.WriteFile(b.images, text, 0o600))
}

func TestACancelledStartEndsTheProgram(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error)
	go func() {
		_, err := b.Start(ctx, spec(with(fakeContainer("a"), "MODE", "unhealthy")))
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(b.log.lines("listening")) == 1 }, generous, time.Millisecond)
	cancel()
	assert.ErrorIs(t, <-failed, context.Canceled)
	left, err := os.ReadDir(b.scratch())
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestAClosedHostEndsWhatStartsAndStartsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	failed := make(chan error)
	go func() {
		_, err := b.Start(t.Context(), spec(with(fakeContainer("a"), "MODE", "unhealthy")))
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(b.log.lines("listening")) == 1 }, generous, time.Millisecond)
	b.Close()
	assert.ErrorContains(t, <-failed, "the host of the containers is closed")
	_, err := b.Start(t.Context(), spec(fakeContainer("a")))
	assert.EqualError(t, err, "the host of the containers is closed")
	assert.NoDirExists(t, b.scratch())
}

func TestATimeoutLastsLongEnoughForAProcessHoweverFastTheClockIs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.patience = generous
	require.NoError(t, b.clock.SetSpeed(clock.MaxSpeed))
	b.start(t, spec(fakeContainer("a")))
}

func TestModelDataIsInTheModelsFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.s3.put("b/model.tar.gz", pack(t, "model.txt", "packed"))
	b.s3.put("b/files/model.txt", []byte("plain"))
	b.s3.put("b/files/", nil)
	b.s3.put("b/files-2/model.txt", []byte("another's"))
	for uri, want := range map[string]string{
		"s3://b/files/": "plain", "s3://b/files": "plain", "s3://b/files/model.txt": "plain", "s3://b/model.tar.gz": "packed",
		"https://b.s3.eu-west-1.amazonaws.com/files/":                 "plain",
		"https://s3.eu-west-1.amazonaws.com/b/files":                  "plain",
		"https://b.s3.amazonaws.com/files/model%2Etxt":                "plain",
		"https://s3.amazonaws.com/b/model.tar.gz":                     "packed",
		"https://b.s3.dualstack.eu-west-1.amazonaws.com/model.tar.gz": "packed",
	} {
		f := b.start(t, spec(data(uri, !strings.HasSuffix(uri, ".gz"))))
		text, _, err := ask(t, f, &Request{}, "model")
		require.NoError(t, err)
		assert.Equal(t, want+"<nil>", text, uri)
	}
}

func TestAContainerGetsTheEnvironmentOfAContainer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := with(fakeContainer("a"), "SAGEMAKER_BIND_TO_PORT", "1", "B", "from the model")
	c.Hostname = ""
	f := b.start(t, spec(c))
	text, _, err := ask(t, f, &Request{}, "env")
	require.NoError(t, err)
	base := filepath.Join(f.dir, "1")
	for _, want := range []string{
		"AWS_REGION=eu-west-1", "HOSTNAME=container-1", "SM_MODEL_DIR=" + base + "/model", "SAGEMAKER_BASE_DIR=" + base,
		"B=from the model", "PROGRAM=yes", "HOME=" + base, "LANG=C.UTF-8", "TZ=UTC",
	} {
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, text, "SAGEMAKER_BIND_TO_PORT=1 ")
	assert.NotContains(t, text, "SAGEMAKER_MULTI_MODEL")
	f.Close()
	assert.Contains(t, b.log.String(), "[flowers-dev/main/container-1] listening\n")
}

func TestAGoPackageIsBuiltAndServed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := filepath.Join(b.Images.root, "hello")
	require.NoError(t, os.MkdirAll(source, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(b.Images.root, "go.mod"), []byte("module hello\n"), 0o600))
	write := func(word string) {
		require.NoError(t, os.WriteFile(filepath.Join(source, "main.go"), []byte(`package main
import ("fmt"; "net/http"; "os")
func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "`+word+` ", os.Args[1]) })
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("SAGEMAKER_BIND_TO_PORT"), nil))
}`), 0o600))
	}
	require.NoError(t, os.WriteFile(b.images, []byte("images: [{repository: hello, go: ./hello}]"), 0o600))
	for _, word := range []string{"one", "two"} {
		write(word)
		f := b.start(t, spec(Container{Image: "hello"}))
		text, _, err := ask(t, f, &Request{}, "")
		require.NoError(t, err)
		assert.Equal(t, word+" serve", text)
	}
}

func TestAProgramThatDoesNotEndIsKilled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := b.start(t, spec(with(fakeContainer("a"), "MODE", "stubborn")))
	p := f.containers[0].latest.Load()
	f.Close()
	assert.EqualError(t, p.how, "signal: killed")
}

func TestAPortIsHandedOutOnceUntilItIsGivenBack(t *testing.T) {
	t.Parallel()
	p := ports{taken: map[string]bool{}}
	var all []string
	for range 50 {
		port, err := p.take(t.Context())
		require.NoError(t, err)
		assert.NotContains(t, all, port)
		all = append(all, port)
	}
	for _, port := range all {
		p.give(port)
	}
	assert.Empty(t, p.taken)
}

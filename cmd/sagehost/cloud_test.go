package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/delivery/evidence"
	"sagehost/internal/release"
)

// leads makes the environment lead --aws to a server, which has a clock if it is a local AWS.
func leads(t *testing.T, local bool) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/" && r.Method == http.MethodPost:
			w.Header().Set("Content-Type", "text/xml")
			fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
				`<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		case r.URL.Path == "/_local/clock" && local:
			fmt.Fprint(w, `{"now": "2026-01-01T00:00:00Z", "speed": 1}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
}

// released makes the working folder a checkout whose stack dev names a release that nothing serves, with more lines
// of configuration. It returns the release's manifest.
func released(t *testing.T, config string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	r, err := release.New(release.Subject{Containers: []release.Container{{
		Image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:" +
			"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	}}})
	require.NoError(t, err)
	r.Source = release.Source{Commit: "0123456789012345678901234567890123456789", Builder: "a test"}
	manifest, err := r.Write("releases", "flowers")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"Pulumi.yaml": "name: sagehost\nruntime: go\n",
		"Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n  sagehost:models: {flowers: {release: " + r.ID + "}}\n" +
			config,
	} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	return manifest
}

func TestWhatALocalAWSMeasuredIsMarkedAlsoWhereTheEnvironmentLeadsToIt(t *testing.T) {
	for _, test := range []struct {
		name            string
		clock, standsIn bool
		marked          bool
	}{
		{name: "a local AWS", clock: true, marked: true},
		{name: "a local AWS that stands for AWS", clock: true, standsIn: true},
		{name: "AWS by an endpoint of one's own"},
	} {
		t.Run(test.name, func(t *testing.T) {
			manifest := released(t, "  aws:allowedAccountIds: [\"123456789012\"]\n")
			leads(t, test.clock)
			t.Setenv(standIn, "")
			if test.standsIn {
				t.Setenv(standIn, "true")
			}
			out, err := execute(t, "release", "verify", "flowers", "--aws")
			require.Error(t, err, out)
			require.Equal(t, "fail: no endpoint of stack dev serves the model\n", out)
			text, err := os.ReadFile(manifest)
			require.NoError(t, err)
			assert.Equal(t, test.marked, bytes.Contains(text, []byte("    local: true\n")))

			written := &bytes.Buffer{}
			m, err := (&app{stack: "dev", aws: true, out: written}).measuring(t.Context())
			require.NoError(t, err)
			measured := &evidence.Measured{}
			require.NoError(t, m.record(t.Context(), &evidence.Recorder{}, measured))
			assert.Equal(t, test.marked, measured.Local)
			assert.Equal(t, test.marked, written.String() == "The endpoint in use is that of a local AWS: what is measured "+
				"does not count on AWS.\n", written)
		})
	}
}

func TestOnAWSAStacksFileSaysItsAccount(t *testing.T) {
	released(t, "")
	leads(t, false)
	for _, command := range [][]string{
		{"release", "verify", "flowers", "--aws"},
		{"smoke", "--aws"},
		{"up", "--aws"},
	} {
		_, err := execute(t, command...)
		require.EqualError(t, err, "stack \"dev\": the stack's file does not say in which account the stack is; the "+
			"credentials are for account 123456789012: if that is the one, add this to the file's config\n"+
			"  aws:allowedAccountIds: [\"123456789012\"]", command)
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	_, err := execute(t, "up", "--aws")
	require.ErrorContains(t, err, "in which account the stack is: add aws:allowedAccountIds, a list of ids of 12 digits "+
		"in quotes; credentials for AWS: ")
}

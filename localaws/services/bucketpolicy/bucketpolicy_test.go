package bucketpolicy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bucket keeps a policy, as moto does.
type bucket struct{ policy string }

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		body, _ := io.ReadAll(r.Body)
		b.policy = string(body)
		return
	}
	_, _ = io.WriteString(w, b.policy)
}

func send(t *testing.T, handler http.Handler, method, body string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), method, "/b?policy", strings.NewReader(body)))
	require.Equal(t, http.StatusOK, answer.Code)
	return answer.Body.String()
}

func TestAPolicyComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	const tls = `{"Effect":"Deny","Principal":%,"Action":"s3:*","Resource":"*",` +
		`"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	for name, row := range map[string]struct{ policy, kept string }{
		"a denial with a condition": {
			`{"Statement":[` + strings.ReplaceAll(tls, "%", `"*"`) + `]}`,
			`{"Statement":[` + strings.ReplaceAll(tls, "%", `"conditional:\"*\""`) + `]}`,
		},
		"one statement that is no list": {
			`{"Statement":` + strings.ReplaceAll(tls, "%", `{"AWS":"*"}`) + `}`,
			`{"Statement":` + strings.ReplaceAll(tls, "%", `"conditional:{\"AWS\":\"*\"}"`) + `}`,
		},
		"a denial without a condition": {
			`{"Statement":[{"Effect":"Deny","Principal":"*"}]}`, `{"Statement":[{"Effect":"Deny","Principal":"*"}]}`,
		},
		"a permission": {
			`{"Statement":[{"Effect":"Allow","Principal":"*","Condition":{}}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":"*","Condition":{}}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := &bucket{}
			handler := Wrap(kept)
			send(t, handler, http.MethodPut, row.policy)
			assert.JSONEq(t, row.kept, kept.policy)
			assert.JSONEq(t, row.policy, send(t, handler, http.MethodGet, ""))
		})
	}
}

func TestWhatIsNoPolicyPassesUnchanged(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "[]", `{"Statement":7}`, `{"Statement":[7]}`} {
		kept := &bucket{}
		send(t, Wrap(kept), http.MethodPut, text)
		assert.Equal(t, text, kept.policy)
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add(`{"Statement":[{"Effect":"Deny","Principal":"*","Condition":{}}]}`)
	f.Fuzz(func(t *testing.T, policy string) {
		back := rewrite(rewrite([]byte(policy), marked), unmarked)
		if string(back) != policy && !strings.Contains(policy, mark) {
			assert.JSONEq(t, policy, string(back))
		}
	})
}

package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
)

// TestARolledBackUpdateFailsAndLosesNothing covers both ways in which the provider sees a rollback: while it is going
// on, as an unexpected status; and once it is over, as an endpoint in service, which the provider takes for a success.
func TestARolledBackUpdateFailsAndLosesNothing(t *testing.T) {
	t.Parallel()
	for name, rollingBack := range map[string]time.Duration{
		"seen while it goes on": time.Minute, "seen when it is over": 0,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sagemaker.Durations{Updating: 200 * time.Millisecond, RollingBack: rollingBack})
			w.up(w.repository("dev"))
			before := w.clients.endpoint(t, "flowers-dev")
			rollBackNextUpdate(t, w)

			bad := edited(t, w, "scoring:1.0.0", "scoring:1.1.0")
			_, _, err := w.open(bad).Up(t.Context())

			require.Error(t, err)
			if rollingBack == 0 {
				require.Contains(t, w.out.String(), `endpoint "flowers-dev" was rolled back: it serves the configuration "`+
					*before.EndpointConfigName+`", not "flowers-`)
			} else {
				require.Contains(t, w.out.String(), "unexpected state 'RollingBack'")
			}
			after := w.clients.endpoint(t, "flowers-dev")
			require.Equal(t, *before.EndpointConfigName, *after.EndpointConfigName)
			require.Equal(t, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0", w.clients.served(t),
				"configuration and model in use are still there")
			configurations, err := w.clients.configurations(t.Context())
			require.NoError(t, err)
			require.Len(t, configurations, 5, "those in use, and the one that failed")
			if rollingBack != 0 {
				return // it is still rolling back: no update is possible yet
			}

			w.up(edited(t, w, "scoring:1.0.0", "scoring:1.2.0"))
			require.Equal(t, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.2.0", w.clients.served(t))
			left := w.clients.count(t)
			require.Equal(t, 4, left["configurations"], "a good release converges and cleans up")
			require.Equal(t, 4, left["models"])
		})
	}
}

func rollBackNextUpdate(t *testing.T, w *world) {
	t.Helper()
	w.script(t, "flowers-dev", "next-update", `{"outcome":"rollback","reason":"an alarm went off"}`)
}

// script asks for how the next step of an endpoint is to end.
func (w *world) script(t *testing.T, endpoint, step, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut,
		w.aws.URL()+"/_local/sagemaker/endpoints/"+endpoint+"/"+step+"?region="+region, strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

package localaws

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/world/clock"
)

func TestTheClockIsShownAndSpedUp(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	handler := clockHandler{clock.New(start)}
	ask := func(method, body string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader(body)))
		return answer
	}
	for _, row := range []struct {
		method, body string
		status       int
		speed        float64
	}{
		{http.MethodGet, "", http.StatusOK, 1},
		{http.MethodPut, `{"speed": 60}`, http.StatusOK, 60},
		{http.MethodPut, `{"speed": 0}`, http.StatusBadRequest, 60},
		{http.MethodPut, `{"speed": 30, "for": "soon"}`, http.StatusBadRequest, 60},
		{http.MethodPut, `{"speed": 30, "for": "-1s"}`, http.StatusBadRequest, 60},
		{http.MethodPut, `{"speed": 30, "for": "30m"}`, http.StatusOK, 30},
		{http.MethodPut, `{"speed": 60}`, http.StatusOK, 60},
		{http.MethodPut, `{"sped": 2}`, http.StatusBadRequest, 60},
		{http.MethodPut, `fast`, http.StatusBadRequest, 60},
		{http.MethodDelete, ``, http.StatusMethodNotAllowed, 60},
	} {
		assert.Equal(t, row.status, ask(row.method, row.body).Code, row)
		var shown clockState
		require.NoError(t, json.Unmarshal(ask(http.MethodGet, "").Body.Bytes(), &shown))
		assert.InDelta(t, row.speed, shown.Speed, 0, row)
		assert.WithinDuration(t, start, shown.Now, time.Hour)
	}
}

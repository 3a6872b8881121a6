package runtime_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemakerruntime"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/world/clock"
)

// stateful answers with its name and the session, makes a session with its name for an hour, and closes it when told.
func stateful(name string) fleet {
	return func(_ context.Context, r *serving.Request) (*serving.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		response := &serving.Response{Body: io.NopCloser(strings.NewReader(name + " " + r.SessionID))}
		if r.SessionID == "NEW_SESSION" {
			response.NewSession = name + "; Expires=" + epoch.Add(time.Hour).Format(time.RFC3339)
		}
		if string(body) == "close" {
			response.ClosedSession = r.SessionID
		}
		return response, nil
	}
}

// inSession sends a body within a session.
func inSession(id, body string) func(*sdk.InvokeEndpointInput) {
	return func(in *sdk.InvokeEndpointInput) { in.SessionId, in.Body = &id, []byte(body) }
}

// newSessions has an endpoint of two variants, each with a session.
func newSessions(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, endpoint(variant("a", 1, 1, stateful("a")), variant("b", 1, 1, stateful("b"))))
	for _, name := range []string{"a", "b"} {
		out, err := w.invoke(func(in *sdk.InvokeEndpointInput) {
			in.SessionId, in.TargetVariant = aws.String("NEW_SESSION"), &name
		})
		require.NoError(t, err)
		assert.Equal(t, name+"; Expires="+epoch.Add(time.Hour).Format(time.RFC3339), aws.ToString(out.NewSessionId))
		assert.Nil(t, out.ClosedSessionId)
	}
	return w
}

func TestASessionStaysWithTheFleetThatHasMadeIt(t *testing.T) {
	t.Parallel()
	w := newSessions(t)
	for range 20 {
		for _, name := range []string{"a", "b"} {
			out, err := w.invoke(inSession(name, "1"))
			require.NoError(t, err)
			assert.Equal(t, name+" "+name, string(out.Body))
			assert.Equal(t, name, aws.ToString(out.InvokedProductionVariant))
			assert.Nil(t, out.NewSessionId)
		}
	}
}

func TestASessionThatIsNotOpenIsRefused(t *testing.T) {
	t.Parallel()
	assertRefused := func(t *testing.T, w *world, change func(*sdk.InvokeEndpointInput), id string) {
		t.Helper()
		_, err := w.invoke(change)
		code, message := refusal(t, err)
		assert.Equal(t, "ValidationError", code)
		assert.Equal(t, "Session "+id+" of endpoint e does not exist or has expired.", message)
	}
	t.Run("never made", func(t *testing.T) {
		t.Parallel()
		assertRefused(t, newSessions(t), inSession("c", "1"), "c")
	})
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		w := newSessions(t)
		out, err := w.invoke(inSession("a", "close"))
		require.NoError(t, err)
		assert.Equal(t, "a", aws.ToString(out.ClosedSessionId))
		assertRefused(t, w, inSession("a", "1"), "a")
	})
	t.Run("expired", func(t *testing.T) {
		t.Parallel()
		w := newSessions(t)
		w.api.Clock = clock.New(epoch.Add(time.Hour))
		assertRefused(t, w, inSession("a", "1"), "a")
	})
	t.Run("its fleet has gone", func(t *testing.T) {
		t.Parallel()
		w := newSessions(t)
		w.set(endpoint(variant("a", 1, 1, stateful("a")), variant("b", 1, 1, stateful("b"))))
		assertRefused(t, w, inSession("a", "1"), "a")
	})
	t.Run("for another variant", func(t *testing.T) {
		t.Parallel()
		assertRefused(t, newSessions(t), func(in *sdk.InvokeEndpointInput) {
			in.SessionId, in.TargetVariant = aws.String("a"), aws.String("b")
		}, "a")
	})
}

func TestExplanationsAreRefusedWithoutAnExplainer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endpoint(variant("v", 1, 1, echo("v"))))
	_, err := w.invoke(func(in *sdk.InvokeEndpointInput) { in.EnableExplanations = aws.String("`true`") })
	code, message := refusal(t, err)
	assert.Equal(t, "ValidationError", code)
	assert.Equal(t, "Endpoint e has no explainer and does not support enable explanations header.", message)
}

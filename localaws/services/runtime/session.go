package runtime

import (
	"regexp"
	"sync"
	"time"

	"sagehost/localaws/containers/serving"
)

// newSession asks the model for a session (InvokeEndpoint, SessionId).
const newSession = "NEW_SESSION"

// created is how a model names a session that it has made: NewSessionResponseHeader of the service model.
var created = regexp.MustCompile(`^([a-zA-Z0-9](?:-*[a-zA-Z0-9])*);\sExpires=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$`)

// session is a stateful session of a model. The model makes it, says when it ends, and closes it.
type session struct {
	variant string
	// fleet is the load of the fleet that has made the session; no other knows it.
	fleet   *Load
	expires time.Time
}

// sessionKey finds a session.
type sessionKey struct{ region, endpoint, id string }

// sessions are those that models have told of.
type sessions struct {
	mu   sync.Mutex
	open map[sessionKey]session
}

// variant is the one that has made the session of a request; nil for a request without one.
func (s *sessions) variant(endpoint *Endpoint, in *invocation, now time.Time) (*Variant, error) {
	id := in.request.SessionID
	if id == "" || id == newSession {
		return nil, nil //nolint:nilnil // any variant will do
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.open[sessionKey{endpoint.Region, endpoint.Name, id}]
	if ok && now.Before(found.expires) {
		for _, v := range endpoint.Variants {
			if v.Load == found.fleet && (in.targetVariant == "" || in.targetVariant == found.variant) {
				return v, nil
			}
		}
	}
	// SageMaker documents no words for it.
	return nil, invalid("Session %s of endpoint %s does not exist or has expired.", id, endpoint.Name)
}

// note takes note of the sessions that a model has made or closed.
func (s *sessions) note(endpoint *Endpoint, variant *Variant, response *serving.Response, now time.Time) {
	if response.NewSession == "" && response.ClosedSession == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[sessionKey]session{}
	}
	for key, known := range s.open {
		if !now.Before(known.expires) {
			delete(s.open, key)
		}
	}
	delete(s.open, sessionKey{endpoint.Region, endpoint.Name, response.ClosedSession})
	if parts := created.FindStringSubmatch(response.NewSession); parts != nil {
		expires, err := time.Parse(time.RFC3339, parts[2])
		if err == nil {
			s.open[sessionKey{endpoint.Region, endpoint.Name, parts[1]}] = session{variant.Name, variant.Load, expires}
		}
	}
}

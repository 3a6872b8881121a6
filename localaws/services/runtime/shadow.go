package runtime

import (
	"context"
	"time"
)

// maxShadows is how many copies may be under way at a shadow variant; more are not sent, so that a slow shadow costs no
// more memory than that.
const maxShadows = 64

// copyToShadow sends a copy of a request to the shadow variant and drops the answer.
func (r *Runtime) copyToShadow(endpoint *Endpoint, in *invocation, body []byte) {
	shadow := endpoint.Shadow
	if shadow == nil || shadow.Fleet == nil || shadow.Load.InFlight() >= maxShadows {
		return
	}
	if chance()*weights(endpoint.Variants) >= shadow.Weight {
		return
	}
	// The copy goes on when the client has its answer.
	go func() {
		defer r.guard("the shadow of " + endpoint.Name)
		answer := r.buffers.borrow()
		defer r.buffers.giveBack(answer)
		began := time.Now()
		_, o, _ := r.ask(context.Background(), endpoint, shadow, in, body, answer)
		r.publish(endpoint, shadow, in.request.TargetContainer, &o, time.Since(began))
	}()
}

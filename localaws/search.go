package localaws

import (
	"net/http"

	"sagehost/localaws/protocol/awsjson"
)

// withoutSearch refuses the operation Search of SageMaker, which the emulator would answer as if there were nothing.
func withoutSearch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(awsjson.TargetHeader) != "SageMaker.Search" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		// A client that has gone needs no answer.
		_, _ = w.Write([]byte(`{"__type": "ValidationException", "message": "the local AWS does not search; ` +
			`the operations that list find what there is"}`))
	})
}

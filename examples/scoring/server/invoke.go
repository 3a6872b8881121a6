package server

import (
	"net/http"

	"sagehost/examples/hosting"
	"sagehost/examples/scoring/content"
	"sagehost/examples/scoring/linear"
)

// invoke answers the rows in a request with a model's predictions; without a model, that it is not ready.
func invoke(w http.ResponseWriter, r *http.Request, model *linear.Model) {
	if model == nil {
		hosting.RefuseUnready(w)
		return
	}
	invocation, ok := hosting.ReadInvocation(w, r, "")
	if !ok {
		return
	}
	rows, err := content.Decode(invocation.Input, invocation.Body, len(model.Features))
	if err != nil {
		hosting.Refuse(w, http.StatusBadRequest, err)
		return
	}
	predictions, err := model.Predict(rows)
	if err != nil {
		hosting.Refuse(w, http.StatusBadRequest, err)
		return
	}
	answer, err := content.Encode(invocation.Output, predictions)
	if err != nil {
		hosting.Refuse(w, http.StatusInternalServerError, err)
		return
	}
	hosting.Send(w, http.StatusOK, invocation.Output, answer)
}

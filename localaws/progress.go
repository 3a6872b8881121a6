package localaws

import (
	"net/http"

	"sagehost/localaws/protocol"
)

// serveProgress tells how far a transform job is:
//
//	GET /_local/sagemaker/transform-jobs/{name}/progress
//
// The query parameter "region" says where, by default in us-east-1.
func (s *services) serveProgress(w http.ResponseWriter, r *http.Request) {
	region := protocol.QueriedRegion(r)
	progress, ok := s.jobs.Progress(region, r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, progress)
}

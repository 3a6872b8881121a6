package gates

import (
	"sagehost/internal/release/metrics"
	"sagehost/kit/check"
)

// The gates, as evidence names them.
const (
	// GateConverged: the endpoints are in service and serve the release.
	GateConverged = "converged"
	// GateSmoke: golden requests got the answers they should.
	GateSmoke = "smoke"
	// GateEvaluation: the metrics on a held-out set are within their limits.
	GateEvaluation = "evaluation"
	// GateBake: the alarms stayed quiet under traffic for a while.
	GateBake = "bake"
)

// Demands is what a stack demands of the releases of one model. That a release is in service in the stack it comes from
// is demanded always.
type Demands struct {
	// Smoke demands a smoke test. Default: not demanded.
	Smoke *Smoke `json:"smoke"`

	// Evaluation demands an evaluation on a held-out set, and limits for its metrics by their names: accuracy, precision,
	// recall, f1, logLoss, auc, rmse, mae, r2; and for rows, how many there must be. Default: not demanded.
	Evaluation Evaluation `json:"evaluation"`

	// Bake demands that the alarms stayed quiet under traffic. Default: not demanded.
	Bake *Bake `json:"bake"`
}

// Check reports what is wrong.
func (d *Demands) Check(at check.At) {
	if d.Smoke != nil {
		d.Smoke.Check(at.Key("smoke"))
	}
	if d.Evaluation != nil {
		at := at.Key("evaluation")
		d.Evaluation.Check(at)
		if _, rows := d.Evaluation[metrics.Rows]; len(d.Evaluation) == 0 || rows && len(d.Evaluation) == 1 {
			at.Addf("has no limit of a metric, so nothing could pass it; set one, such as accuracy: {min: 0.9}")
		}
	}
	if d.Bake != nil {
		d.Bake.Check(at.Key("bake"))
	}
}

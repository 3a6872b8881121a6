package deployed

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"sagehost/internal/release"
	"sagehost/internal/release/gates"
)

// Converged checks all places that serve a model, and the archives. It is evidence of the gate "converged": passed
// where each endpoint is in service with the release; inconclusive while one is being changed.
func (c *Cloud) Converged(
	ctx context.Context, stack string, places []Place, r *release.Release, now time.Time,
) (release.Evidence, error) {
	e := release.Evidence{Gate: gates.GateConverged, Result: release.Pass, Subject: r.ID, Stack: stack, At: now.UTC()}
	var said []string
	if len(places) == 0 {
		e.Result, said = release.Fail, []string{fmt.Sprintf("no endpoint of stack %s serves the model", stack)}
	}
	for _, place := range places {
		report, err := c.Check(ctx, place, r)
		if err != nil {
			return e, err
		}
		said = append(said, report.Disagreements...)
		if len(report.Disagreements) == 0 {
			said = append(said, fmt.Sprintf("endpoint %s serves it with configuration %s", report.Endpoint, report.Config))
		}
		e.Result = release.Worse(e.Result, report.Result)
	}
	disagreements, err := CheckArtifacts(ctx, c.S3, r)
	if err != nil {
		return e, err
	}
	if len(disagreements) > 0 {
		e.Result, said = release.Fail, append(said, disagreements...)
	}
	e.Detail = oneLine(strings.Join(said, "; "))
	return e, nil
}

// oneLine is a text as evidence can hold it: what AWS says may have line breaks.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

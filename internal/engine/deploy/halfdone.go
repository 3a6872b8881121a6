package deploy

import (
	"context"
	"fmt"

	"github.com/dustin/go-humanize/english"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// mustRefresh reports whether the state has to be read anew before it is compared with the program: after a failed
// update the provider notes what was asked for in the place of what is there. Without another look, the next update
// would find nothing to do, report a success, and delete what is still in use.
func (s *Stack) mustRefresh(ctx context.Context) (bool, error) {
	_, deployment, err := s.export(ctx)
	if err != nil {
		return false, err
	}
	n := halfDone(deployment)
	if n > 0 {
		fmt.Fprintf(s.opts.Out, "The last update of stack %q left %s half done: looking at what exists.\n",
			s.opts.File.Stack, english.Plural(n, "resource", ""))
	}
	return n > 0, nil
}

// halfDone is the number of resources whose last creation or update has failed after it had begun.
func halfDone(deployment *apitype.DeploymentV3) int {
	n := 0
	for i := range deployment.Resources {
		if len(deployment.Resources[i].InitErrors) > 0 {
			n++
		}
	}
	return n
}

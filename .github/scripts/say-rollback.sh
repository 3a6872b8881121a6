#!/usr/bin/env bash
# Says how to go back from a release of the model MODEL that production has begun to serve and that has failed there: in
# the log, and in the summary of the run.
set -euo pipefail

tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}" <<TEXT
### Production serves what has failed

The endpoints of \`$MODEL\` were updated, and what was measured of them then is not as it should be: see the steps before.
To go back to the release before, start the workflow \`rollback\`, and merge what it proposes:

    gh workflow run rollback.yml --field model=$MODEL
TEXT

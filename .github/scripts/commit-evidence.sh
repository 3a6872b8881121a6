#!/usr/bin/env bash
# Commits what was measured of releases in the stack STACK to a branch, and writes the text of its pull request to
# .sagehost/pull-request.md. Where nothing was measured it stays on the branch that is checked out.
set -euo pipefail

if [ -z "$(git status --porcelain releases)" ]; then
  echo "Nothing new was measured."
  exit 0
fi
git checkout --quiet -B "evidence/$STACK"
git add releases
git -c user.name=github-actions -c user.email=41898282+github-actions[bot]@users.noreply.github.com \
  commit --quiet --message "Add what was measured in $STACK"
mkdir -p .sagehost
printf 'What smoke, evaluation and bake have measured of the releases in `%s`, at %s.\n' \
  "$STACK" "$(git rev-parse HEAD~1)" >.sagehost/pull-request.md

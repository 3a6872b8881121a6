#!/usr/bin/env bash
# Commits what was measured of releases in the stack STACK to the branch evidence/STACK, and writes the text of its pull
# request to .sagehost/pull-request.md. What is checked out stays. Where nothing was measured there is no branch.
set -euo pipefail

if [ -z "$(git status --porcelain releases)" ]; then
  echo "Nothing new was measured."
  exit 0
fi
mkdir -p .sagehost
printf 'What smoke, evaluation and bake have measured of the releases in `%s`, at %s.\n' \
  "$STACK" "$(git rev-parse HEAD)" >.sagehost/pull-request.md
git checkout --quiet -B "evidence/$STACK"
git add releases
git commit --quiet --message "Add what was measured in $STACK"
git checkout --quiet -

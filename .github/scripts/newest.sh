#!/usr/bin/env bash
# Refuses to deploy what main has changed since: a run that is started again, or approved late, has the commit with which
# it began. PATHS says as patterns of git which files the workflow deploys. GITHUB_TOKEN reads the repository.
set -euo pipefail

# The checkout has left no token behind.
helper='!f() { echo username=x-access-token; echo "password=$GITHUB_TOKEN"; }; f'
git -c credential.helper= -c credential.helper="$helper" fetch --quiet origin refs/heads/main
read -ra paths <<<"$PATHS"
if git diff --quiet HEAD FETCH_HEAD -- "${paths[@]}"; then
  exit 0
fi
workflow=${GITHUB_WORKFLOW_REF%@*} # such as octo/models/.github/workflows/promote.yml@refs/heads/main
{
  echo "This run is of commit $(git rev-parse HEAD), and main has come to $(git rev-parse FETCH_HEAD) since. It would"
  echo "deploy old code or settings over newer ones, because these differ:"
  git diff --stat HEAD FETCH_HEAD -- "${paths[@]}"
  echo "To deploy what main has now:"
  echo "    gh workflow run ${workflow##*/} --ref main"
} >&2
exit 1

#!/usr/bin/env bash
# Pushes the branch that is checked out and opens a pull request for it, with the text in .sagehost/pull-request.md and
# the subject of the last commit as its title. Does nothing on main: there is nothing to propose then.
set -euo pipefail

branch=$(git branch --show-current)
if [ -z "$branch" ] || [ "$branch" = main ]; then
  echo "Nothing to propose."
  exit 0
fi
# The branch belongs to this workflow: what it proposed before is replaced.
git push --quiet --force origin "$branch"
bin/sagehost ci pull-request --branch "$branch" --title "$(git log -1 --format=%s)" --body-file .sagehost/pull-request.md

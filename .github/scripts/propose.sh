#!/usr/bin/env bash
# Pushes the branch that the step before has left, and opens a pull request for it, with the text in
# .sagehost/pull-request.md and the subject of its commit as the title. The branch is the one that has a commit which is
# not checked out; where there is none, nothing is proposed.
set -euo pipefail

mapfile -t branches < <(git for-each-ref --format='%(refname:short)' --no-merged=HEAD refs/heads)
case ${#branches[@]} in
  0)
    echo "Nothing to propose."
    exit 0
    ;;
  1) ;;
  *)
    echo "It is not clear what to propose: ${branches[*]}" >&2
    exit 1
    ;;
esac
# The branch belongs to this workflow: what it proposed before is replaced.
git push --quiet --force origin "${branches[0]}"
bin/sagehost ci pull-request --branch "${branches[0]}" --title "$(git log -1 --format=%s "${branches[0]}")" \
  --body-file .sagehost/pull-request.md

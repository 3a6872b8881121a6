#!/usr/bin/env bash
# Pushes the branch that the step before has left, and opens a pull request for it, with the text in
# .sagehost/pull-request.md and the subject of its commit as the title. The branch is the one that has a commit which is
# not checked out; where there is none, nothing is proposed. A branch of that name is replaced, unless somebody else than
# the author of these commits has pushed to it.
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
branch=${branches[0]}
there=$(git ls-remote origin "refs/heads/$branch" | cut -f1)
if [ -n "$there" ]; then
  git fetch --quiet origin "refs/heads/$branch"
  there=$(git rev-parse FETCH_HEAD)
  if [ "$(git log -1 --format=%ae "$there")" != "$(git log -1 --format=%ae "$branch")" ]; then
    echo "The last commit of $branch, $there, is by $(git log -1 --format='%an <%ae>' "$there"): merge or delete" \
      "that branch, and run this again." >&2
    exit 1
  fi
fi
git push --quiet --force-with-lease="$branch:$there" origin "$branch"
cat >>.sagehost/pull-request.md <<'TEXT'

A workflow has opened this: its checks begin once somebody who may write to the repository approves them, by "Approve
workflows to run" below. Where that is not offered, close this and open it again.
TEXT
bin/sagehost ci pull-request --branch "$branch" --title "$(git log -1 --format=%s "$branch")" \
  --body-file .sagehost/pull-request.md

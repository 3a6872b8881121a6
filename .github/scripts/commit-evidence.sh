#!/usr/bin/env bash
# Commits what was measured of releases in the stack STACK to the branch evidence/STACK, on top of main as it is now and
# together with what is on that branch and not merged yet. Writes the text of its pull request to
# .sagehost/pull-request.md. What is checked out stays, without what was measured. Where nothing was, there is no branch.
set -euo pipefail

# A function is read before it runs: main may have another version of this file.
main() {
  local branch="evidence/$STACK" kept=.sagehost/evidence measured was
  if [ -z "$(git status --porcelain releases)" ]; then
    echo "Nothing new was measured."
    exit 0
  fi
  measured=$(git rev-parse HEAD)
  was=$(git symbolic-ref --quiet --short HEAD || git rev-parse HEAD)
  rm -rf "$kept"
  mkdir -p "$kept"
  cp -R releases "$kept/measured"
  git fetch --quiet origin refs/heads/main
  git checkout --quiet --force --detach FETCH_HEAD
  if [ -n "$(git ls-remote origin "refs/heads/$branch")" ]; then
    git fetch --quiet origin "refs/heads/$branch"
    mkdir -p "$kept/unmerged"
    git archive FETCH_HEAD releases | tar -x -C "$kept/unmerged"
    bin/sagehost ci evidence --from "$kept/unmerged/releases"
  fi
  bin/sagehost ci evidence --from "$kept/measured"
  if [ -n "$(git status --porcelain releases)" ]; then
    printf 'What smoke, evaluation and bake have measured of the releases in `%s`, at %s.\n' \
      "$STACK" "$measured" >.sagehost/pull-request.md
    git checkout --quiet -B "$branch"
    git add releases
    git commit --quiet --message "Add what was measured in $STACK"
  else
    echo "What was measured is in main already."
  fi
  git checkout --quiet "$was"
}

main

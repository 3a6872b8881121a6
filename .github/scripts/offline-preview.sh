#!/usr/bin/env bash
# Deploys the stack STACK to the local AWS as it is on the target branch, and writes what the pull request would change
# to preview.json. The commit that is checked out is the merge of the two: its first parent is the target branch.
set -euo pipefail

# A function is read before it runs: the first checkout replaces this file.
main() {
  local head status=0
  head=$(git rev-parse HEAD)
  git checkout --quiet --detach "$head^1"
  if ! { make build && bin/sagehost up --stack "$STACK"; }; then
    echo "The target branch cannot be deployed: comparing with nothing."
    bin/sagehost down
  fi
  git checkout --quiet --detach "$head"
  make build
  bin/sagehost preview --stack "$STACK" --report preview.json || status=$?
  bin/sagehost down
  exit "$status"
}

main

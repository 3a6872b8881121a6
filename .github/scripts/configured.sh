#!/usr/bin/env bash
# Stops a job that is to reach AWS before the repository says where that is: without it, each step after this one would
# fail in a way of its own. The variables are those of the job's environment on GitHub.
set -euo pipefail

missing=()
for name in AWS_ROLE AWS_ACCOUNT_ID AWS_REGION PULUMI_BACKEND_URL; do
  [ -n "${!name:-}" ] || missing+=("$name")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "::error::Set this repository up for AWS first, by docs/delivery.md#set-up: there is no variable ${missing[*]}."
  exit 1
fi

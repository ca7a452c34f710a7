#!/usr/bin/env bash
# Installs what is missing, builds, and runs a campaign on the built-in engine: one minute, or as the flags say.
#   scripts/campaign.sh [flags of `slabhound campaign`]
# A campaign with --fault uses the faulty build.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
time=(--time 60s)
for argument in "$@"; do
  case $argument in
    --fault | --fault=*) preset=faulty ;;
    --time | --time=* | --modules | --modules=*) time=() ;;
  esac
done

scripts/build.sh "$preset" slabhound
echo "campaign: build/$preset/slabhound campaign ${time[*]} $*" >&2
exec "build/$preset/slabhound" campaign "${time[@]}" "$@"

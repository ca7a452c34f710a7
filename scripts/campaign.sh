#!/usr/bin/env bash
# Installs what is missing, builds, and runs a campaign: one minute, or as the flags say. It runs on the built-in
# engine, or on real ones that --engine names (scripts/engines.sh installs them).
#   scripts/campaign.sh [flags of `slabhound campaign`]
# A campaign with --fault uses the faulty build.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
time=(--time 60s)
engines=()
previous=""
for argument in "$@"; do
  [[ $previous != --engine ]] || engines+=("$argument")
  previous=$argument
  case $argument in
    --engine=*) engines+=("${argument#--engine=}") ;;
    --fault | --fault=*) preset=faulty ;;
    --time | --time=* | --modules | --modules=*) time=() ;;
  esac
done

scripts/build.sh "$preset" slabhound
for engine in "${engines[@]}"; do
  case $engine in
    oracle | slab | slab:* | worker:*) ;;
    *) scripts/engines.sh "${engine%%:*}" ;;
  esac
done
echo "campaign: build/$preset/slabhound campaign ${time[*]} $*" >&2
exec "build/$preset/slabhound" campaign "${time[@]}" "$@"

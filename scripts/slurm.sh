#!/usr/bin/env bash
# A campaign on a cluster under Slurm: task I of an array of N runs shard I of N into its own folder. From the checkout, behind
# scripts/build.sh release:
#   sbatch --array=0-63 scripts/slurm.sh FOLDER [flags of `slabhound campaign`]
#   sbatch --dependency=afterany:JOB --wrap 'build/release/slabhound merge --out FOLDER/all FOLDER/shard-*'
# FOLDER is on a disk that all nodes see. The flags must be the same in all tasks, --seed too. A task that ran out of time, or
# whose node died, goes on where it stopped when it is submitted again, as in
#   SLABHOUND_SHARDS=64 sbatch --array=7,12 scripts/slurm.sh FOLDER …
# where N must be said, for the array no longer tells. SLABHOUND=PROGRAM is another command than build/release/slabhound.
#SBATCH --job-name=slabhound
#SBATCH --array=0-7
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=2G
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail

[[ -n ${SLURM_ARRAY_TASK_ID:-} && $# -ge 1 && $1 != -* ]] ||
  { echo "usage: sbatch --array=0-63 scripts/slurm.sh FOLDER [flags of slabhound campaign]" >&2; exit 2; }
folder=$1
shift
cd "${SLURM_SUBMIT_DIR:-.}"
shards=${SLABHOUND_SHARDS:-}
if [[ -z $shards ]]; then
  # An array that leaves numbers out would leave cases out.
  shards=$SLURM_ARRAY_TASK_COUNT
  [[ $SLURM_ARRAY_TASK_MIN -eq 0 && $SLURM_ARRAY_TASK_MAX -eq $((shards - 1)) ]] ||
    { echo "slurm: the array is not 0-$((shards - 1)); SLABHOUND_SHARDS=N says how many shards there are" >&2; exit 2; }
fi
[[ $SLURM_ARRAY_TASK_ID -lt $shards ]] || { echo "slurm: no shard $SLURM_ARRAY_TASK_ID of $shards" >&2; exit 2; }
mkdir -p "$folder"

# Slurm tells this shell, two minutes before the end of the time; the campaign then ends as at Ctrl-C.
campaign=
told=
end_campaign() {
  told=1
  [[ -z $campaign ]] || kill -TERM "$campaign" 2>/dev/null || true
}
trap end_campaign TERM INT
"${SLABHOUND:-build/release/slabhound}" campaign --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$folder/shard-$SLURM_ARRAY_TASK_ID" \
  --jobs "${SLURM_CPUS_PER_TASK:-1}" "$@" &
campaign=$!
[[ -z $told ]] || end_campaign
status=0
wait "$campaign" || status=$?
while kill -0 "$campaign" 2>/dev/null; do
  status=0
  wait "$campaign" || status=$?
done
# Findings (1) and budgets that ran out (3) are no failures of the task.
[[ $status -eq 1 || $status -eq 3 ]] || exit "$status"

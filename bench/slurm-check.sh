#!/bin/bash
# A folder of pictures through deploy/slurm on a cluster of two nodes on this machine, one of which dies in the middle; then: is every result there
# once, and the same as one process makes? As root, with slurm-wlm, munge and GNU time; about as long as the pictures take.
#
#   UNPRESS=./unpress bench/slurm-check.sh PICTURES SCRATCH [TASKS]
set -euo pipefail
pictures=$(readlink -f "$1") scratch=$(readlink -m "$2") tasks=${3:-4}
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")") templates=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../deploy/slurm
export UNPRESS=$(readlink -f "${UNPRESS:-$here/../unpress}")
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

source <("$here/slurm.sh" start "$scratch/cluster")
trap '"$here/slurm.sh" stop "$scratch/cluster"' EXIT
count=$(find "$pictures" -type f | wc -l)
results() { find "$1" -name '*.png' 2>/dev/null | wc -l; }
lines() { find "$1" -name '.unpress-journal*.jsonl' -print0 | xargs -0 cat | wc -l; }

job=$(sbatch --parsable --array=0-$((tasks - 1)) --cpus-per-task=1 --mem=1G "$templates/enhance.sbatch" "$pictures" out)
merge=$(sbatch --parsable --dependency=afterany:"$job" "$templates/merge.sbatch" out)
until (($(results out) > count / 4)); do sleep 0.5; done
echo "with $(results out) of $count results: node n2 dies; on it $(squeue -h -w n2 -t R -o %i | tr '\n' ' ')"
"$here/slurm.sh" kill "$scratch/cluster" n2
until [[ -z $(squeue -h -j "$merge" -o %T) ]]; do sleep 1; done
echo "after the end: $(results out) results, restarts: $(for k in $(seq 0 $((tasks - 1))); do scontrol show job "${job}_$k" -o | grep -o 'Restarts=[0-9]*'; done | tr '\n' ' ')"
cat unpress-"$merge"-merge.log
"$UNPRESS" enhance "$pictures" -r -o whole --threads 1 | tail -n 1
sums() { (cd "$1" && find . -name '*.png' -print0 | sort -z | xargs -0 sha256sum); }
if cmp <(sums out) <(sums whole); then echo "$(results out) results, the same as by one process, by SHA-256"; fi
echo "$(($(lines out) - $(results out))) lines of the journals more than results; $(find out -name '.unpress-*.tmp' | wc -l) temporary files left"

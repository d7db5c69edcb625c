#!/bin/bash
# One fine-tuning trial: prepares its pictures, fine-tunes, scores every validation and test picture in one process, prints
# the table beside the classical difference. Pictures, weights and scores go to build/trials/NAME.
#   tests/trials/run.sh deeppcb-one-golden|deeppcb-all-golden|deeppcb-one-scan|deeppcb-all-scan|bsdata [FINETUNE OPTIONS]
# FINETUNE OPTIONS as `auroraedge finetune` takes them: --steps N, --fresh, --lora R, --base DIR (else the Nano).
# DeepPCB is for research only: neither its pictures nor weights that saw them may ship.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD="${AURORAEDGE_BUILD:-$ROOT/build/release}"
DATA="$ROOT/../shared/data"

name=${1:-}
[ $# -gt 0 ] && shift
case $name in
  deeppcb-one-golden) prepare=(deeppcb --data "$DATA/deeppcb" --defects one) ;;
  deeppcb-all-golden) prepare=(deeppcb --data "$DATA/deeppcb" --defects all) ;;
  deeppcb-one-scan) prepare=(deeppcb --data "$DATA/deeppcb" --defects one --scan-only) ;;
  deeppcb-all-scan) prepare=(deeppcb --data "$DATA/deeppcb" --defects all --scan-only) ;;
  bsdata) prepare=(bsdata --data "$DATA/bsdata" --train-crops 4) ;;
  *)
    sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
case $name in # of the purchase order
  deeppcb-*-golden) aims=(--aim-auroc 0.99 --aim-accuracy 0.95 --aim-class 0.80) ;;
  deeppcb-*-scan) aims=(--aim-auroc 0.90) ;;
  bsdata) aims=(--aim-auroc 0.97) ;;
esac
base=(--base nano)
for option in "$@"; do
  case $option in --base | --base=*) base=() ;; esac
done
golden=()
case $name in *-golden) golden=(--golden "$ROOT/build/trials/$name/golden") ;; esac

out="$ROOT/build/trials/$name"
rm -rf "$out"
"$BUILD/tests/prepare_trial" "${prepare[@]}" --out "$out"

started=$SECONDS
"$BUILD/bin/auroraedge" finetune --data "$out/train.jsonl" "${base[@]}" --out "$out/model" --json "$@" > "$out/finetune.json"
trained=$SECONDS
"$BUILD/bin/auroraedge" batch "$out/score.lst" --model "$out/model" "${golden[@]}" --no-store --quiet \
  --question "Is there a defect?" --out "$out/scores.jsonl" || [ $? = 3 ] # 3: some pictures were refused, which the table tells
scored=$SECONDS

"$BUILD/tests/classical_difference" "$out"
"$BUILD/tests/trial_report" "$out" --scores "$out/scores.jsonl" --json "$out/report.json" "${aims[@]}"
pictures=$(wc -l < "$out/score.lst")
awk -v trained=$((trained - started)) -v scored=$((scored - trained)) -v pictures="$pictures" 'BEGIN {
  printf "fine-tuning %.1f min, scoring %.1f min (%d pictures, %.2f s each)\n", trained / 60, scored / 60, pictures, scored / pictures }'

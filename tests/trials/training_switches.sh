#!/bin/bash
# What each switch of the trainer is worth at equal minutes: digits of unseen meters and bottles of unseen videos.
#   tests/trials/training_switches.sh [MINUTES [OUT]]        default: 2 minutes a row, build/trials/switches
# A row's steps follow from a short run of the same recipe, so that every row takes its minutes on this machine; let
# nothing else run. THREADS (2) on as many cores. Rows that are there already are kept: start it again to go on.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
minutes=${1:-2} out=${2:-$root/build/trials/switches}
threads=${THREADS:-2} program=${AURORAEDGE:-$root/build/release/bin/auroraedge} data=${AURORAEDGE_DATA:-$root/../shared/data} nano=$root/resources/training/nano
mkdir -p "$out"

digits='{"name":"digits","annotations":"'$data'/meter_digits/annotations.jsonl","families":"'$nano'/families_digits.json","small":true,"label":{"digit":true,"head":"digits"}}'
wheels='{"name":"wheel","drawn":{"kind":"wheel","count":6000,"side":128},"families":"'$nano'/families_digits.json","small":true,"label":{"digit":true,"head":"digits"}}'
bottles='{"name":"bottles","annotations":"'$data'/conveyor_bottles/annotations.jsonl","families":"'$nano'/families_bottles.json","box_class":"bottle","label":{"count":"bottle","classes":7}}'
adam='"learning_rate":0.0004'
muon='"learning_rate":0.0006,"muon_learning_rate":0.02'
fixed='"grids":[16],"small_grids":[8],"finish_share":0'
small='"grids":[6,8,10],"small_grids":[4,5,6],"finish_grids":[16],"small_finish_grids":[8],"finish_share":0.15'
taught='"teacher_weight":1,"feature_weight":2,"label_weight":0.3'

# recipe NAME SOURCES STAGES: writes $out/NAME.json
recipe() {
  echo '{"model":"'"$nano"'","out":"'"$out/$1"'","seed":1,"checkpoint_minutes":60,"sources":['"$2"'],"stages":['"$3"']}' > "$out/$1.json"
}
# stage STEPS SETTINGS
stage() { echo '{"steps":'"$1"',"warmup_share":0.05,"final_share":0.1,"patches_per_batch":2048,'"$2"'}'; }
last() { grep -o "$1" "$out/$2/log.jsonl" | tail -1 | cut -d: -f2-; }

# steps SECONDS SOURCES SETTINGS [STAGE_BEFORE]: how many of them take that long here
steps() {
  rm -rf "${out:?}/probe"
  recipe probe "$2" "${4:+$4,}$(stage 16 "$3,\"warmup_steps\":0" | sed 's/"warmup_share":0.05,//')"
  "$program" train --recipe "$out/probe.json" --threads "$threads" > /dev/null 2> "$out/probe.err" || [ $? = 3 ]
  local rate pictures
  rate=$(grep -o '[0-9]* pictures/s' "$out/probe.err" | tail -1 | cut -d' ' -f1)
  # The last line's pictures less the line's 15 before it: those of the last stage.
  pictures=$(grep '"loss"' "$out/probe/log.jsonl" | tail -16 | grep -o '"pictures":[0-9]*' | cut -d: -f2 | awk 'NR == 1 { first = $1 } END { print ($1 - first) / 15 }')
  rm -rf "${out:?}/probe" "$out"/probe.*
  awk -v s="$1" -v r="$rate" -v n="$pictures" 'BEGIN { print int(s * r / n) }'
}

# row NAME SOURCES SETTINGS [TEACHER_SETTINGS]: trains for the minutes, of which a teacher takes a third, and keeps what the log says
row() {
  local name=$1 sources=$2 settings=$3 teacher=${4:-} seconds=$((minutes * 60)) before= probe= start
  [ -e "$out/$name.seconds" ] && return
  rm -rf "${out:?}/$name"
  if [ -n "$teacher" ]; then
    before=$(stage "$(steps $((seconds / 3)) "$sources" "$teacher")" "$teacher") probe=$(stage 2 "$teacher") seconds=$((seconds * 2 / 3))
  fi
  recipe "$name" "$sources" "${before:+$before,}$(stage "$(steps "$seconds" "$sources" "$settings" "$probe")" "$settings")"
  start=$SECONDS
  "$program" train --recipe "$out/$name.json" --threads "$threads" --quiet > "$out/$name.out" || [ $? = 3 ]
  echo $((SECONDS - start)) > "$out/$name.seconds"
}

show() {
  local name=$1 what=$2
  printf '%-58s %5s s %8s pictures  %s\n' "$what" "$(cat "$out/$name.seconds")" "$(last '"pictures":[0-9]*' "$name")" \
    "$(last '"held_out":{[^}]*}' "$name" | tr -d '{}"')"
}

teacher='"teacher":true,"learning_rate":0.001,"muon_learning_rate":0.02,'$small
tower='"tower_only":true'
row plain "$digits" "$tower,$adam,$fixed"
row muon "$digits" "$tower,$muon,$fixed"
row budgets "$digits" "$tower,$adam,$small"
row drawn "$digits,$wheels" "$tower,$adam,$fixed"
row taught "$digits" "$tower,$adam,$fixed,$taught" "$teacher"
row together "$digits,$wheels" "$tower,$muon,$small,$taught" "$teacher"
row boxes "$bottles" "$tower,$muon,$small"
row no-boxes "$bottles" "$tower,$muon,$small,\"patch_weight\":0"
row one-question "$bottles" "$muon,$small,\"questions_per_picture\":1"
row four-questions "$bottles" "$muon,$small,\"questions_per_picture\":4"

echo "digits of unseen meters, $minutes minutes a row:"
show plain "tower, AdamW, 64 patches"
show muon "  with Muon on the hidden matrices"
show budgets "  at 16 to 36 patches, the last 15 % at 64"
show drawn "  with half of the pictures drawn"
show taught "  with a teacher that learns for a third of the minutes"
show together "  all four"
echo "bottles of unseen videos, $minutes minutes a row:"
show no-boxes "tower, Muon, small budgets: count"
show boxes "  with the patch loss from boxes: count"
show one-question "whole graph, one question behind a picture"
show four-questions "  four questions packed behind it"

#!/usr/bin/env bash
# What the window holds in memory while it walks the Review page of a million answers: with no source and, by a model name
# that is not there, with no model, so that it is the window's own; and again with the model that ships.
#   tests/reliability/review_memory.sh [ROWS] [PICTURE_FOLDER]      AURORAEDGE_STATION=FOLDER: filled already, is kept
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rows=${1:-1000000}
pictures=${2:-$ROOT/../shared/data/conveyor_bottles/images}
[ -d "$pictures" ] || pictures=$PICTURES
data=${AURORAEDGE_STATION:-$FOLDER/data}
if [ ! -e "$data/inspector.db" ]; then
  started=$SECONDS
  say "$("$TESTS/filled_station" "$data" "$rows" "$pictures"), made in $((SECONDS - started)) s"
fi
cat >"$FOLDER/keys" <<'KEYS'
wait stored
memory
page review
wait items
wait picture
memory
# Down through ten pages of 200, judging on the way; then large, compared, and found by words.
repeat 2000
  key J
  wait picture
end
memory
repeat 100
  key O
  wait picture
end
key P
repeat 100
  key J
  wait picture
end
key Esc
key C
key J
key Esc
wait stored
memory
page statistics
wait statistics
click statisticsRange-4
wait statistics
memory
KEYS
for model in "none there" ""; do
  "$BIN/auroraedge-inspector" ${model:+--model "/$model"} --page review --data-dir "$data" --keys "$FOLDER/keys" >"$FOLDER/out" 2>"$FOLDER/log" \
    || stop "the replay failed: $(tail -n 1 "$FOLDER/log")"
  steps=$(sed -n 's/.*"event":"memory","rss_mb":\([0-9.]*\).*/\1/p' "$FOLDER/out" | paste -sd' ')
  say "${model:+without a model}${model:-with the model that ships} (start, page open, 2,000 walked, judged and enlarged, Statistics of 30 days): $steps MB; $(tail -n 1 "$FOLDER/out")" | sed 's/none there//'
done

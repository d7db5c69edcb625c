#!/usr/bin/env bash
# Kills the station at any instruction, again and again, while the window asks and judges by a key log and a batch asks beside
# it on the same data folder. After each kill everything that either of them has acknowledged must be there, every picture
# whole, and the database sound.
#   tests/reliability/kill.sh [ROUNDS]      default 200; SEED=N repeats a run
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=${1:-200}
RANDOM=$seed
data=$FOLDER/data
longest_ms=1500      # from the first acknowledgement to the kill
longest_start_ms=900 # every fifth round: from the start, to hit opening, recovery and migration too

cat >"$FOLDER/keys" <<'KEYS'
# Asks and judges without a pause: an answer is on its way while earlier ones are judged.
wait ready
key F1
wait answer
repeat 2000
  key F2
  page review
  wait items
  key O
  key N
  key 1
  key Z
  page live
  wait answer
end
KEYS

has_begun() {
  [ -s "$window" ] || ! kill -0 "$window_pid" 2>/dev/null
}

say "$rounds rounds, seed $seed"
started=$SECONDS
outputs=() early=0
for ((round = 1; round <= rounds; ++round)); do
  window=$FOLDER/window.$round batch=$FOLDER/batch.$round
  "$BIN/auroraedge-inspector" --source sim: --data-dir "$data" --threads 1 --keys "$FOLDER/keys" >"$window" 2>"$FOLDER/window.log" &
  window_pid=$!
  "$BIN/auroraedge" batch --fresh --json --quiet --threads 1 --data-dir "$data" --question "Is there a bottle?" \
    --out "$FOLDER/out.jsonl" "$PICTURES" "$PICTURES" "$PICTURES" >"$batch" 2>"$FOLDER/batch.log" &
  batch_pid=$!
  if ((round % 5 == 0)); then
    delay=$((RANDOM % longest_start_ms))
    early=$((early + 1))
  else
    wait_for 60 has_begun || stop "round $round: nothing was acknowledged in 60 s: $(tail -n 3 "$FOLDER/window.log")"
    kill -0 "$window_pid" 2>/dev/null || stop "round $round: the window ended by itself: $(tail -n 3 "$FOLDER/window.log")"
    delay=$((RANDOM % longest_ms))
  fi
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  # One of the two first, the other while it is being missed.
  victims=("$window_pid" "$batch_pid")
  first=$((RANDOM % 2))
  {
    kill -9 "${victims[first]}" || true
    sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
    kill -9 "${victims[1 - first]}" || true
    wait "$window_pid" "$batch_pid" || true
  } 2>/dev/null
  outputs+=("$window" "$batch")
  found=$(acknowledged "$data" "${outputs[@]}") || { echo "$found"; KEEP=1; stop "round $round: lost or broken (seed $seed)"; }
  checked=$(db_check "$data") || { echo "$checked"; KEEP=1; stop "round $round: db check found faults (seed $seed)"; }
  ((round % 20 != 0 && round != rounds)) || say "round $round: $found"
done
say "db check: $checked"
say "$rounds rounds, $((2 * rounds)) programs killed, $early rounds during the start, $((SECONDS - started)) s: nothing acknowledged was lost"

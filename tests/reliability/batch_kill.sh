#!/usr/bin/env bash
# A batch that is killed again and again, at any instruction, and afterwards compared with one that was not: the same bytes, every
# answer stored once, nothing acknowledged twice, so that no more than one batch was ever redone.
#   tests/reliability/batch_kill.sh [PICTURES] [KILLS]      default 10000 and 20; SEED=N repeats a run
#   QUESTION=...   asked about each picture
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

pictures=${1:-10000} kills=${2:-20}
question=${QUESTION:-Is there a bottle?}
RANDOM=$seed
"$TESTS/perturbed_pictures" "$FOLDER/pictures" "$pictures" "$PICTURES"
batch() { # OUT STDOUT STDERR [OPTION...]; in a process of its own, which becomes the program
  exec "$BIN/auroraedge" batch "$FOLDER/pictures" --recursive --json --progress json --question "$question" --out "$1" "${@:4}" >"$2" 2>"$3"
}
peak() { awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$1/status" 2>/dev/null || true; }

started=$(ms)
batch "$FOLDER/whole.jsonl" "$FOLDER/whole.out" "$FOLDER/whole.err" --data-dir "$FOLDER/whole" &
pid=$! most=0
while kill -0 $pid 2>/dev/null; do
  now=$(peak $pid)
  [ -z "$now" ] || [ "$now" -le "$most" ] || most=$now
  sleep 0.2
done
wait $pid || stop "the unbroken run failed: $(tail -n 2 "$FOLDER/whole.err")"
took=$(($(ms) - started))
say "unbroken: $pictures pictures in $((took / 1000)) s, $(awk -v p="$pictures" -v t="$took" 'BEGIN { printf "%.1f", p * 1000 / t }') a second, peak memory $most MB, $(grep -o '"busy":[0-9.]*' "$FOLDER/whole.err" | tail -n 1)"

done_at=0 killed=0
for ((kill = 1; kill <= kills; ++kill)); do
  batch "$FOLDER/out.jsonl" "$FOLDER/out.$kill" "$FOLDER/err.$kill" --data-dir "$FOLDER/data" &
  pid=$!
  # Random moments of the expected time; the first ones hit the start.
  delay=$((RANDOM * 32768 + RANDOM))
  delay=$((delay % (took / kills + 1)))
  ((kill % 5 != 0)) || delay=$((RANDOM % 300))
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  if kill -9 $pid 2>/dev/null; then killed=$((killed + 1)); fi
  { wait $pid || true; } 2>/dev/null
done
(batch "$FOLDER/out.jsonl" "$FOLDER/out.last" "$FOLDER/err.last" --data-dir "$FOLDER/data") || stop "the last run failed: $(tail -n 2 "$FOLDER/err.last")"
cmp "$FOLDER/whole.jsonl" "$FOLDER/out.jsonl" || { KEEP=1; stop "killed $killed times, the output differs (seed $seed)"; }
python3 - "$FOLDER" "$pictures" <<'PY' || { KEEP=1; stop "seed $seed"; }
import glob, json, os, sqlite3, sys
folder, pictures = sys.argv[1], int(sys.argv[2])
store = sqlite3.connect(f"file:{folder}/data/inspector.db?mode=ro", uri=True)
rows, sources = store.execute("SELECT count(*), count(DISTINCT source) FROM answer").fetchone()
assert (rows, sources) == (pictures, pictures), f"{rows} rows about {sources} files of {pictures}"
assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
seen = {}
for name in glob.glob(f"{folder}/out.*"):
    if name.endswith((".jsonl", ".journal")):
        continue
    for line in open(name, encoding="utf-8", errors="replace"):
        if line.endswith("\n"):
            answer = json.loads(line)
            path = answer["image"]["path"]
            assert path not in seen, f"{path} was acknowledged twice"
            seen[path] = answer.get("row")
rows_of = dict(store.execute("SELECT source, id FROM answer"))
for path, row in seen.items():
    assert rows_of[os.path.abspath(path)] == row, f"{path} was told as row {row}"
print(f"{len(seen)} of {pictures} acknowledged, none twice; {rows} rows, one a file")
PY
checked=$(db_check "$FOLDER/data") || { echo "$checked"; KEEP=1; stop "db check found faults (seed $seed)"; }
say "db check: $checked"
say "killed $killed times: the output is the unbroken run's, byte for byte"

#!/usr/bin/env bash
# How long an export from the Review page takes, and whether the window goes on meanwhile: a station filled with real pictures
# exports all of its answers as CSV by the key E while somebody walks from picture to picture. Prints the time of the export,
# how long each next picture took from the press to the paint, and what the window said of gaps in its event loop.
#   tests/benchmarks/review_export.sh [ANSWERS] [PICTURES_LOOKED_AT]
. "$(dirname "${BASH_SOURCE[0]}")/../reliability/common.sh"

answers=${1:-500000}
looked=${2:-6000}
[ -x "$TESTS/filled_station" ] || { say "$TESTS/filled_station is not built" >&2; exit 2; }
say "$("$TESTS/filled_station" "$FOLDER/data" "$answers" "$PICTURES")"
cat >"$FOLDER/keys" <<KEYS
page review
wait items
wait picture
key E
key Return
key Esc
repeat $looked
  key J
  wait picture
end
memory
KEYS
exports=$FOLDER/data/exports
"$BIN/auroraedge-inspector" --page review --data-dir "$FOLDER/data" --keys "$FOLDER/keys" >"$FOLDER/out" 2>"$FOLDER/log" &
program=$!
begun=0
while kill -0 "$program" 2>/dev/null && ! compgen -G "$exports/*.csv" >/dev/null; do
  [ "$begun" = 0 ] && compgen -G "$exports/*.part" >/dev/null && begun=$(ms)
  sleep 0.02
done
ended=$(ms)
compgen -G "$exports/*.csv" >/dev/null || stop "the program ended before the export: look at more pictures"
wait "$program" || stop "the replay failed: $(tail -n 1 "$FOLDER/log")"
say "$(($(wc -l <"$(compgen -G "$exports/*.csv")") - 1)) lines in $((ended - begun)) ms (30,000 are allowed for 500,000)"
say "gaps of the event loop that the window told: $(grep -c 'did not react' "$FOLDER/log" || true)"
python3 - "$FOLDER/out" <<'PYTHON'
import json, sys
told = [json.loads(line) for line in open(sys.argv[1])]
pictures = sorted(event["ms"] for event in told if event["event"] == "picture")
quantile = lambda share: pictures[min(len(pictures) - 1, int(share * len(pictures)))]
print(f"review_export: next picture meanwhile, {len(pictures)} of them: median {quantile(0.5):.1f} ms, p95 {quantile(0.95):.1f} ms, longest {pictures[-1]:.1f} ms; {told[-1]['rss_mb']:.0f} MB")
PYTHON

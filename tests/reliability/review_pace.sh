#!/usr/bin/env bash
# How fast a person could judge: 1,000 reviews by a key log on a station filled with real pictures, each key pressed when the
# picture that the one before has called for is painted. Prints reviews a minute, and how long that next picture took from
# the press to the paint.
#   tests/reliability/review_pace.sh [REVIEWS] [PICTURE_FOLDER]
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

reviews=${1:-1000}
pictures=${2:-$ROOT/../shared/data/conveyor_bottles/images}
[ -d "$pictures" ] || pictures=$PICTURES
[ -x "$TESTS/filled_station" ] || { say "$TESTS/filled_station is not built" >&2; exit 2; }

filled=$("$TESTS/filled_station" "$FOLDER/data" $((reviews + 200)) "$pictures")
cat >"$FOLDER/keys" <<KEYS
page review
wait items
wait picture
repeat $((reviews / 4))
  key A
  wait picture
  key O
  wait picture
  key N
  wait picture
  key 1
  wait picture
end
wait stored
KEYS
"$BIN/auroraedge-inspector" --page review --data-dir "$FOLDER/data" --keys "$FOLDER/keys" >"$FOLDER/out" 2>"$FOLDER/log" \
  || stop "the replay failed: $(tail -n 1 "$FOLDER/log")"
found=$(acknowledged "$FOLDER/data" "$FOLDER/out") || { echo "$found"; stop "lost or broken"; }
say "$filled; $found"
python3 - "$FOLDER/out" $((reviews / 4 * 4)) <<'PYTHON'
import json, sys
told = [json.loads(line) for line in open(sys.argv[1])]
pictures = sorted(event["ms"] for event in told if event["event"] == "picture")
missing = sum(not event["is_shown"] for event in told if event["event"] == "picture")
end = told[-1]
quantile = lambda share: pictures[min(len(pictures) - 1, int(share * len(pictures)))]
print(f"review_pace: {end['reviews']} reviews in {end['seconds']:.1f} s: {60 * end['reviews'] / end['seconds']:.0f} a minute (at least 100 are wanted)")
print(f"review_pace: next picture, press to paint, {len(pictures)} of them, {missing} missing: median {quantile(0.5):.1f} ms,"
      f" p95 {quantile(0.95):.1f} ms (at most 50 are wanted), longest {pictures[-1]:.1f} ms; {end['rss_mb']:.0f} MB")
if end["reviews"] != int(sys.argv[2]) or missing:
    sys.exit(f"review_pace: {sys.argv[2]} keys were pressed: {end.get('trouble', 'the others are in no row')}")
PYTHON

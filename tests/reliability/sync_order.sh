#!/usr/bin/env bash
# No acknowledgement without a flush (reliability.md P2): before the line that tells of an answer its picture, the folder with the
# picture's name and the database's log were flushed, before that of a review the log, each since the line before. Then with a disk
# on which no flush succeeds: nothing is acknowledged.
#   tests/reliability/sync_order.sh [ANSWERS]      default 50
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

answers=${1:-50}
disk=$FOLDER/disk
failing=$TESTS/failing_disk.so
for needed in "$failing" "$TESTS/storage_run"; do
  [ -e "$needed" ] || { say "$needed is not built" >&2; exit 2; }
done
mkdir "$disk"
FAILING_DISK_FOLDER=$disk FAILING_DISK_SYNCED=$FOLDER/order LD_PRELOAD=$failing "$TESTS/storage_run" "$disk" "$answers" >>"$FOLDER/order" 2>"$FOLDER/log" \
  || stop "the run failed: $(tail -n 1 "$FOLDER/log")"
python3 - "$FOLDER/order" "$answers" <<'PY' || { KEEP=1; stop "an acknowledgement came before its flush"; }
import json, sys
synced, counts = [], {"answer": 0, "review": 0}
pictures = [] # flushed since the last answer: one may be saved ahead of it
for line in open(sys.argv[1]):
    if line.startswith("synced "):
        synced.append(line.split(" ", 1)[1].strip())
        pictures.append(synced[-1])
        continue
    event = json.loads(line)
    if event["event"] not in counts:
        continue
    assert any(path.endswith("/inspector.db-wal") for path in synced), f"no flush of the log before {line}"
    if event["event"] == "answer":
        folder = "/pictures/" + event["sha256"][:2]
        assert any("/.saving-" in path for path in pictures), f"no flush of the picture before {line}"
        assert any(path.endswith(folder) for path in pictures), f"no flush of the folder before {line}"
        pictures = []
    synced = []
    counts[event["event"]] += 1
assert counts == {"answer": int(sys.argv[2]), "review": int(sys.argv[2])}, counts
PY
say "$answers answers and as many reviews: each was told after its flush"

rm -rf "$disk"
mkdir "$disk"
FAILING_DISK=sync:EIO:1+ FAILING_DISK_FOLDER=$disk LD_PRELOAD=$failing "$TESTS/storage_run" "$disk" 3 >"$FOLDER/out" 2>"$FOLDER/log" \
  || stop "the run failed: $(tail -n 1 "$FOLDER/log")"
! grep -q '"event":"\(answer","row\|review","review\)":[0-9]' "$FOLDER/out" || { cat "$FOLDER/out"; stop "something was acknowledged on a disk that flushes nothing"; }
say "a disk that flushes nothing: nothing was acknowledged"

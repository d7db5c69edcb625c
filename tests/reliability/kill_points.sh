#!/usr/bin/env bash
# Kills the store before every single call on its disk in turn (reliability.md P1, white box): while it makes a database, brings an old
# one up to date, finds what a killed program has left, puts a damaged one aside, and stores and judges. After each kill it is started
# again; then everything that was ever acknowledged must be there, and what was put aside is byte for byte what it was.
#   tests/reliability/kill_points.sh [STEP] [SCENES]   every STEP-th call, default 1: all of them; SCENES: a regular expression,
#                                                      such as 'damaged|old', for some of the scenes
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step=${1:-1}
scenes=${2:-.}
disk=$FOLDER/disk
failing=$TESTS/failing_disk.so
for needed in "$failing" "$TESTS/storage_run"; do
  [ -e "$needed" ] || { say "$needed is not built" >&2; exit 2; }
done

# prepare SCENE: makes $FOLDER/before, the disk as the program finds it, and $FOLDER/before.out, what was acknowledged of it.
prepare() {
  rm -rf "$FOLDER/before"
  mkdir "$FOLDER/before"
  : >"$FOLDER/before.out"
  case $1 in
  new) ;;
  old)
    python3 - "$ROOT/tests/data/storage/schema_v5.sql" "$FOLDER/before" <<'PY'
import sqlite3, sys
database = sqlite3.connect(sys.argv[2] + "/inspector.db")
database.executescript(open(sys.argv[1]).read())
database.executescript("UPDATE answer SET picture_sha256 = NULL; DELETE FROM picture;") # there are no files of them here
database.commit()
PY
    ;;
  left) # with rows in the log
    { FAILING_DISK=any:KILL:400 FAILING_DISK_FOLDER=$FOLDER/before LD_PRELOAD=$failing "$TESTS/storage_run" "$FOLDER/before" 100 >"$FOLDER/before.out" 2>"$FOLDER/log" || true; } 2>/dev/null
    [ -s "$FOLDER/before/inspector.db-wal" ] || stop "left: the log is empty"
    ;;
  damaged)
    "$TESTS/storage_run" "$FOLDER/before" 100 >"$FOLDER/log" 2>&1
    python3 - "$FOLDER/before/inspector.db" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(8192)
    file.write(b"Z" * 8192)
PY
    head -c 10000 /dev/urandom >"$FOLDER/before/inspector.db-wal" # whatever is in it is kept, too
    ;;
  esac
}

# kept SCENE: what the scene began with must still be there.
kept() {
  local file
  case $1 in
  old)
    python3 - "$disk/inspector.db" <<'PY'
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
assert database.execute("SELECT count(*) FROM answer WHERE id <= 6").fetchone() == (6,), "answers of the old database are missing"
assert database.execute("PRAGMA user_version").fetchone()[0] > 5
PY
    ;;
  damaged)
    for file in inspector.db inspector.db-wal; do
      [ -n "$(find "$disk" -maxdepth 1 -name "inspector.db*" -exec cmp -s {} "$FOLDER/before/$file" \; -print)" ] || { echo "$file is nowhere as it was"; return 1; }
    done
    ;;
  esac
}

total=0
for scene in new old left damaged; do
  [[ $scene =~ $scenes ]] || continue
  prepare "$scene"
  kills=0 acknowledged=0
  for ((n = 1; ; n += step)); do
    rm -rf "$disk" "$FOLDER/told"
    cp -a "$FOLDER/before" "$disk"
    status=0
    { FAILING_DISK=any:KILL:$n FAILING_DISK_FOLDER=$disk FAILING_DISK_TOLD=$FOLDER/told LD_PRELOAD=$failing "$TESTS/storage_run" "$disk" 2 >"$FOLDER/out" 2>"$FOLDER/log" || status=$?; } 2>/dev/null
    if [ ! -e "$FOLDER/told" ]; then
      [ $status = 0 ] || stop "$scene: ended with $status without a kill: $(tail -n 1 "$FOLDER/log")"
      break
    fi
    [ $status = 137 ] || stop "$scene: call $n: ended with $status"
    kills=$((kills + 1))
    ! grep -q '"row":[0-9]' "$FOLDER/out" || acknowledged=$((acknowledged + 1))
    "$TESTS/storage_run" "$disk" 1 >"$FOLDER/again" 2>"$FOLDER/log" || stop "$scene: killed before call $n, the next run ended with $?: $(tail -n 1 "$FOLDER/log")"
    grep -q '"event":"answer","row":[0-9]' "$FOLDER/again" || { cat "$FOLDER/again"; KEEP=1; stop "$scene: killed before call $n, the next run stores nothing"; }
    found=$(acknowledged "$disk" "$FOLDER/before.out" "$FOLDER/out" "$FOLDER/again") || { echo "$found"; KEEP=1; stop "$scene: killed before call $n: lost or broken"; }
    missing=$(kept "$scene" 2>&1) || { echo "$missing"; KEEP=1; stop "$scene: killed before call $n: what was there before is gone"; }
  done
  say "$(printf '%-8s %4d kills, %4d of them after an acknowledgement; %s' "$scene" $kills $acknowledged "${found:-}")"
  total=$((total + kills))
done
say "$total kills, each before another call: nothing acknowledged was lost, nothing put aside was changed"

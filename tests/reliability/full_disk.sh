#!/usr/bin/env bash
# Fills the disk under the running window, at three sizes, and gives it room again. Nothing that was acknowledged may be lost, no
# picture cut, the alarm (FS-08: no room beside what is kept free for the database, or FS-09: none at all) must stand until it is
# dismissed, and answers must be stored again without a restart.
#   tests/reliability/full_disk.sh [SIZES_IN_MIB...]      default 1 3 8
# Each disk is a tmpfs of its own; where mounting is not permitted the run is skipped (exit status 77).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sizes=("$@")
[ $# -gt 0 ] || sizes=(1 3 8)
mkdir "$FOLDER/disk-try"
if ! mount -t tmpfs -o size=1m none "$FOLDER/disk-try" 2>"$FOLDER/log"; then
  say "skipped: a tmpfs cannot be mounted here ($(head -n 1 "$FOLDER/log"))"
  exit 77
fi
umount "$FOLDER/disk-try"

# has LINE: whether the window has printed it.
has() {
  grep -q "$1" "$FOLDER/out" || ! kill -0 "$pid" 2>/dev/null
}

for size in "${sizes[@]}"; do
  disk=$FOLDER/disk-$size
  mkdir "$disk"
  mount -t tmpfs -o "size=${size}m" none "$disk"
  # The program starts with room; then a foreign file takes all but a little of it, as a log or a video would.
  cat >"$FOLDER/keys" <<KEYS
wait ready
repeat 3
  key F1
  wait answer
end
wait file $FOLDER/filled
repeat 12
  key F1
  wait answer
end
wait alarm
page review
wait items
key O
key N
wait stored
page live
wait alarm
# Whoever looks after the disk makes room now; the window is not started again.
wait file $FOLDER/emptied
repeat 5
  key F1
  wait answer
end
wait alarm
page review
wait items
key O
wait stored
page live
click faultDismiss
wait quiet
KEYS
  rm -f "$FOLDER/filled" "$FOLDER/emptied"
  "$BIN/auroraedge-inspector" --source sim: --data-dir "$disk" --threads 1 --keys "$FOLDER/keys" >"$FOLDER/out" 2>"$FOLDER/log" &
  pid=$!
  three() { [ "$(grep -c '"event":"answer"' "$FOLDER/out")" -ge 3 ] || ! kill -0 "$pid" 2>/dev/null; }
  wait_for 60 three || stop "$size MiB: the window did not start: $(tail -n 1 "$FOLDER/log")"
  # All but a little, more on a larger disk, so that they do not all run full at the same step.
  room=$(df --output=avail -k "$disk" | tail -n 1)
  left=$((32 * size))
  [ "$room" -le $left ] || head -c $(((room - left) * 1024)) /dev/zero >"$disk/ballast" || true
  touch "$FOLDER/filled"
  wait_for 120 has '"event":"alarm"' || stop "$size MiB: no alarm in 120 s: $(tail -n 1 "$FOLDER/log")"
  rm -f "$disk/ballast"
  mount -o "remount,size=$((size + 16))m" "$disk"
  touch "$FOLDER/emptied"
  status=0
  wait "$pid" || status=$?
  [ $status = 0 ] || { cat "$FOLDER/out"; KEEP=1; stop "$size MiB: the replay ended with $status: $(tail -n 1 "$FOLDER/log")"; }
  found=$(acknowledged "$disk" "$FOLDER/out") || { echo "$found"; KEEP=1; stop "$size MiB: lost or broken"; }
  checked=$(db_check "$disk") || { echo "$checked"; KEEP=1; stop "$size MiB: db check found faults"; }
  refused=$(grep -c '"row":null' "$FOLDER/out" || true)
  last=$(grep '"event":"answer"' "$FOLDER/out" | tail -n 1)
  [[ $last == *'"row":'[0-9]* ]] || stop "$size MiB: nothing is stored any more though there is room: $last"
  [ "$refused" -gt 0 ] || stop "$size MiB: the disk was never full"
  ! grep '"event":"alarm"' "$FOLDER/out" | grep -v '"code":"FS-0[89]"' || stop "$size MiB: another alarm"
  say "$size MiB: $found; $refused told as not stored; alarm: $(grep '"event":"alarm"' "$FOLDER/out" | tail -n 1)"
  umount "$disk"
done
say "${#sizes[@]} disks filled: no acknowledged row lost, no picture cut, alarm until dismissed, stored again when there was room"

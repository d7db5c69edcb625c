# Shared by the runs of this folder; sourced. Sets BIN, TESTS, the folder FOLDER of this run and `seed`, and has the small verbs.
#   AURORAEDGE_BUILD   the build to run, default build/release
#   KEEP=1             leaves FOLDER to be looked at
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$here/../.." && pwd)
BUILD=${AURORAEDGE_BUILD:-$ROOT/build/release}
BIN=$BUILD/bin
TESTS=$BUILD/tests
PICTURES=$ROOT/resources/demo/pictures
seed=${SEED:-$$}
export QT_FORCE_STDERR_LOGGING=1
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}

name=$(basename "$0" .sh)
say() { printf '%s: %s\n' "$name" "$*"; }
stop() {
  say "$*" >&2
  exit 1
}
for needed in "$BIN/auroraedge" "$BIN/auroraedge-inspector"; do
  [ -x "$needed" ] || { say "$needed is not built" >&2; exit 2; }
done
command -v python3 >/dev/null || { say "python3 is needed to compare what was acknowledged with what is there" >&2; exit 2; }

FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/auroraedge-$name-XXXXXX")
leave() {
  local pid mounted
  for pid in $(jobs -p); do
    kill -9 "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  for mounted in "$FOLDER"/disk*; do
    ! mountpoint -q "$mounted" 2>/dev/null || umount "$mounted" || true
  done
  if [ -n "${KEEP:-}" ]; then
    say "kept $FOLDER"
  else
    rm -rf "$FOLDER"
  fi
}
trap leave EXIT

# acknowledged DATA OUTPUT...: one line on stdout; fails when something acknowledged is lost or something stored is broken.
acknowledged() {
  python3 "$here/acknowledged.py" "$@"
}

# db_check DATA: the program's own check.
db_check() {
  "$BIN/auroraedge" db check --json --quiet --data-dir "$1"
}

# ms: of a clock that only ever goes on.
ms() {
  awk '{ printf "%d", $1 * 1000 }' /proc/uptime
}

# wait_for SECONDS COMMAND...: until it succeeds. Fails after so long.
wait_for() {
  local end=$(($(ms) + 1000 * $1))
  shift
  until "$@"; do
    [ "$(ms)" -lt "$end" ] || return 1
    sleep 0.01
  done
}

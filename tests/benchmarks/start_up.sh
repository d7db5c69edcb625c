#!/usr/bin/env bash
# How long the window takes: starts it again and again on the simulated line with the model that ships, and prints the
# median and the 95th percentile of its own two stamps, in milliseconds since the kernel started the process.
#   tests/benchmarks/start_up.sh [STARTS] [PROGRAM]
# Without a display it runs offscreen. Times depend on what else the machine does: say it beside the figures.
set -euo pipefail

starts=${1:-20}
program=${2:-$(dirname "$0")/../../build/release/bin/auroraedge-inspector}
[ -x "$program" ] || { echo "start_up.sh: $program is not built" >&2; exit 2; }
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
export QT_FORCE_STDERR_LOGGING=1

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
patience_s=60

for ((run = 1; run <= starts; ++run)); do
    log=$folder/log.$run
    : >"$log"
    "$program" --source sim: --data-dir "$folder/data" 2>>"$log" >/dev/null &
    pid=$!
    for ((waited = 0; waited < 20 * patience_s; ++waited)); do
        grep -q 'first live picture after' "$log" && grep -q 'window usable after' "$log" && break
        kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; exit 1; }
        sleep 0.05
    done
    kill -TERM "$pid"
    wait "$pid" || true
    for stamp in 'window usable' 'first live picture'; do
        ms=$(sed -n "s/.*start-up: $stamp after \([0-9]*\) ms.*/\1/p" "$log")
        [ -n "$ms" ] || { echo "start_up.sh: no '$stamp' within $patience_s s" >&2; exit 1; }
        echo "$ms" >>"$folder/${stamp// /-}"
    done
done

for stamp in 'window usable' 'first live picture'; do
    sort -n "$folder/${stamp// /-}" | awk -v stamp="$stamp" '
        { ms[NR] = $1 }
        function quantile(share, place) { place = int(share * NR); if (place < share * NR) ++place; return ms[place < 1 ? 1 : place] }
        END { printf "%-20s %d starts  median %d ms  p95 %d ms  longest %d ms\n", stamp, NR, quantile(0.5), quantile(0.95), ms[NR] }'
done

#!/bin/bash
# Installs what is missing, builds, and starts the program on the built-in demonstration line.
#   installer/run.sh [--headless] [--no-build] [-- ARGS]
# Without a display, or with --headless: asks the demonstration questions on real pictures and ends with 0.
# ARGS go to the program.

. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

headless=no
with_build=yes
while [ $# -gt 0 ]; do
  case $1 in
    --headless) headless=yes ;;
    --no-build) with_build=no ;;
    --) shift; break ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "auroraedge set-up: unknown option $1 (--headless, --no-build, -- ARGS)" >&2; exit 2 ;;
  esac
  shift
done
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || headless=yes

if [ $with_build = yes ]; then
  prepare
  build
fi
program=auroraedge-inspector
[ $headless = yes ] && program=auroraedge
[ -x "$BUILD/bin/$program" ] || stop "$BUILD/bin/$program is not built yet; run without --no-build"
if [ $headless = yes ]; then
  exec "$BUILD/bin/auroraedge" demo "$@"
fi
[ $# -gt 0 ] || set -- --source sim:
exec "$BUILD/bin/auroraedge-inspector" "$@"

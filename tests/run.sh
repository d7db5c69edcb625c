#!/bin/bash
# Installs what is missing, builds, and runs every test through CTest; ends as CTest does.
#   tests/run.sh [CTEST ARGS]     for example: tests/run.sh -L unit, tests/run.sh -R mailbox

. "$(dirname "${BASH_SOURCE[0]}")/../installer/setup.sh"

prepare
build
cd "$BUILD"
exec ctest --output-on-failure -j2 "$@"

#!/bin/bash
# Fuzzes every parser with libFuzzer under AddressSanitizer and UndefinedBehaviourSanitizer, two at a time.
#   tests/fuzz/run.sh [SECONDS EACH, 300] [INPUT...]     for example: tests/fuzz/run.sh 60 safetensors picture
# What crashes, hangs or takes more than 2 GiB is left in build/fuzz/found/<input>/; once mended it goes to
# tests/data/fuzz/<input>/, where CTest replays it for ever. Ends with 0 when nothing was found.

. "$(dirname "${BASH_SOURCE[0]}")/../../installer/setup.sh"

seconds=${1:-300}
shift || true
PACKAGES+=(clang libclang-rt-14-dev)
step "packages" install_packages
cd "$ROOT"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$(build_jobs)"

# The corpus is read, never written: what the fuzzer grows stays in the build folder.
fuzz() {
  local found="build/fuzz/found/$1" grown="build/fuzz/grown/$1"
  mkdir -p "$found" "$grown"
  build/fuzz/tests/fuzz_"$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/" "$grown" "tests/data/fuzz/$1" >"build/fuzz/$1.log" 2>&1
  local result=$?
  printf '%-20s %s, %s inputs, %s\n' "$1" "$([ $result = 0 ] && echo nothing found || echo "FOUND, see $found")" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$1.log")" "$(grep -a -o 'cov: [0-9]*' "build/fuzz/$1.log" | tail -n 1)"
  return $result
}
export -f fuzz
export seconds
[ $# -gt 0 ] || set -- $(cd tests/data/fuzz && echo *)
printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'fuzz {}'

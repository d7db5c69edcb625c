#!/usr/bin/env bash
# Lets every single call of the store on its disk fail in turn (reliability.md P3): the first write, the second, ... until a
# run needs no such call any more, once (the next call works again) and for good. After each run everything that was
# acknowledged must be there, every picture whole, the database sound, and the fault told with its code, or be one that
# took nothing from anybody. Then some of them again under the real window, where the alarm must stand until it is dismissed.
#   tests/reliability/io_faults.sh [STEP] [PAIRS]   every STEP-th call, default 1: all of them; PAIRS: a regular expression, such as
#                                                   'sync|rename', for some of the pairs of call and error
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step=${1:-1}
pairs=${2:-.}
disk=$FOLDER/disk
failing=$TESTS/failing_disk.so
for needed in "$failing" "$TESTS/storage_run"; do
  [ -e "$needed" ] || { say "$needed is not built" >&2; exit 2; }
done
answers=3

# What fails, with what, and which codes may tell of it. Of a write that a quota has refused SQLite keeps the reason only when
# no other call has failed after it: then it is told as a disk fault, and latched, which errs on the safe side.
faults=(
  "write ENOSPC FS-09" "write EDQUOT FS-09|FS-10" "write EIO FS-10" "write SHORT -"
  "sync EIO FS-10" "sync ENOSPC FS-10|FS-09" "truncate EIO FS-10"
  "open EMFILE FS-11|FS-07" "open EACCES FS-07" "rename EIO FS-10" "rename ENOSPC FS-09"
  "mkdir ENOSPC FS-09" "mkdir EROFS FS-07" "map ENOMEM FS-10|ENG-01"
)

# run_with FAULT COMMAND...: with the folder's disk failing so.
run_with() {
  local fault=$1
  shift
  FAILING_DISK=$fault FAILING_DISK_FOLDER=$disk FAILING_DISK_TOLD=$FOLDER/told LD_PRELOAD=$failing "$@"
}
failed() {
  cat "$FOLDER/out"
  KEEP=1
  stop "$1"
}

say "every call number 1 + k * $step fails in turn"
runs=0 told=0 harmless=0
for entry in "${faults[@]}"; do
  read -r call error codes <<<"$entry"
  [[ "$call $error" =~ $pairs ]] || continue
  for lasting in "" +; do
    pair_runs=0 pair_told=0 pair_harmless=0 seen=""
    for ((n = 1; ; n += step)); do
      rm -rf "$disk" "$FOLDER/told"
      mkdir "$disk"
      run_with "$call:$error:$n$lasting" "$TESTS/storage_run" "$disk" $answers >"$FOLDER/out" 2>"$FOLDER/log" \
        || failed "$call $error at call $n$lasting: ended with $? ($(tail -n 1 "$FOLDER/log"))"
      found=$(acknowledged "$disk" "$FOLDER/out") || { echo "$found"; failed "$call $error at call $n$lasting: lost or broken"; }
      [ -e "$FOLDER/told" ] || break # no such call is left
      pair_runs=$((pair_runs + 1))
      if grep -q '"error"' "$FOLDER/out"; then
        pair_told=$((pair_told + 1))
        said=$(grep -o '"code":"[^"]*"' "$FOLDER/out" | cut -d'"' -f4 | sort -u | tr '\n' ' ')
        for code in $said; do
          [[ " $seen " == *" $code "* ]] || seen+="$code "
          [[ "|$codes|" == *"|$code|"* ]] || failed "$call $error at call $n$lasting: told as $code, not as $codes"
        done
      else
        # Nobody was told: then nobody may have missed anything.
        pair_harmless=$((pair_harmless + 1))
        [ "$(grep -c '"event":"answer","row":[0-9]' "$FOLDER/out")" = $answers ] && [ "$(grep -c '"review":[0-9]' "$FOLDER/out")" = $answers ] \
          || failed "$call $error at call $n$lasting: neither told nor without effect"
      fi
    done
    say "$(printf '%-8s %-7s %-8s %4d runs, %4d told %s, %4d without effect' "$call" "$error" "${lasting:+lasting}${lasting:-once}" \
      $pair_runs $pair_told "${seen:+($seen)}" $pair_harmless | sed 's/lasting+/lasting/; s/ )/)/')"
    runs=$((runs + pair_runs)) told=$((told + pair_told)) harmless=$((harmless + pair_harmless))
  done
done
say "store: $runs injected faults, $told told, $harmless without effect, 0 acknowledged rows lost, 0 cut pictures"

# The window: asks until the fault has come, then the alarm stands: until it is dismissed where storing works again, to the end
# where it does not.
cat >"$FOLDER/keys.stands" <<'KEYS'
wait ready
repeat 6
  key F1
  wait answer
end
wait alarm
page review
page live
wait alarm
KEYS
{ cat "$FOLDER/keys.stands"; printf 'click faultDismiss\nwait quiet\n'; } >"$FOLDER/keys.heals"
windows=0
for entry in "write ENOSPC 150 FS-09 heals" "write EDQUOT 150 FS- stands" "write EIO 150 FS-10 stands" "sync EIO 12 FS-10 stands" \
  "rename EIO 2 FS-10 stands" "mkdir ENOSPC 6+ FS-09 stands" "write ENOSPC 150+ FS-09 stands" "sync EIO 12+ FS-10 stands" "open EMFILE 12+ FS- stands"; do
  read -r call error at code then <<<"$entry"
  [[ "$call $error" =~ $pairs ]] || continue
  rm -rf "$disk" "$FOLDER/told"
  mkdir "$disk"
  run_with "$call:$error:$at" "$BIN/auroraedge-inspector" --source sim: --data-dir "$disk" --threads 1 --keys "$FOLDER/keys.$then" >"$FOLDER/out" 2>"$FOLDER/log" \
    || failed "window, $call $error at call $at: $(tail -n 1 "$FOLDER/log")"
  [ -e "$FOLDER/told" ] || failed "window, $call $error: there was no call $at"
  found=$(acknowledged "$disk" "$FOLDER/out") || { echo "$found"; failed "window, $call $error at call $at: lost or broken"; }
  [ "$(grep -c "\"code\":\"$code[^\"]*\",.*\"event\":\"alarm\"" "$FOLDER/out")" = 2 ] || failed "window, $call $error at call $at: no lasting alarm $code"
  say "window, $call $error at call $at: $(grep -m1 '"event":"alarm"' "$FOLDER/out"); $found"
  windows=$((windows + 1))
done
say "window: $windows injected faults, each an alarm with its code that stood"

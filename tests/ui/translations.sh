#!/bin/sh
# Every text of the window is translated, and every translation belongs to a text: translations.sh LUPDATE ROOT TS...
# To mend it: lupdate ui app/window -I . -no-obsolete -locations none -ts resources/translations/auroraedge_zh_CN.ts, then Qt Linguist.
set -eu
lupdate=$1 root=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$root"
for ts in "$@"; do
  cp "$ts" "$folder/now.ts"
  "$lupdate" -silent ui app/window -I . -ts "$folder/now.ts" 2> /dev/null
  for kind in unfinished vanished obsolete; do
    if grep -q "type=\"$kind\"" "$folder/now.ts"; then
      echo "$ts has $kind texts:"
      grep -B3 "type=\"$kind\"" "$folder/now.ts" | grep '<source>'
      exit 1
    fi
  done
  echo "$ts: $(grep -c '<source>' "$folder/now.ts") texts, all translated"
done

#!/bin/sh
# Every state of every page, dark and light, at 100 and 200 %, in every language: screenshots.sh DIR
set -eu
out=$1
program=$(dirname "$0")/../../build/release/bin/auroraedge-inspector
for language in en zh_CN; do
  for scale in 1 2; do
    QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} "$program" --screenshots "$out" --lang "$language" --scale "$scale"
  done
done

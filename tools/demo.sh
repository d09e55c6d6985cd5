#!/bin/sh
# Runs the Syria case into out/syria. Of an earlier demo it clears the files that demo listed as its own, nothing else.
set -eu

out=out/syria
list=$out/.demo-files

if [ -f "$list" ]; then
  while IFS= read -r file; do
    case $file in "$out"/*) rm -f -- "$file" ;; esac
  done <"$list"
  rm -f -- "$list"
  find "$out" -depth -type d -empty -delete
fi
if [ -e "$out" ] && [ -n "$(ls -A "$out")" ]; then
  echo "$out holds files that 'make demo' did not write; move them away first:" >&2
  find "$out" -type f | head -n 5 | sed 's/^/  /' >&2
  exit 2
fi

# An interrupted or failed run is listed too, so that the next demo can clear it.
list_files() {
  if [ -d "$out" ]; then
    find "$out" -type f ! -path "$list" >"$list"
  fi
}
trap list_files EXIT
trap 'exit 130' INT TERM

.venv/bin/allegiance run syria --runs 500 --out "$out"

for file in report.html plots/overview.png manifest.json; do
  if [ -f "$out/$file" ]; then
    echo "Open $out/$file"
    break
  fi
done

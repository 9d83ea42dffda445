#!/bin/bash
# A run on a file system that is too small for it: full_disk.sh PROGRAM SCENARIO. Makes one in a mount
# namespace of its own; exit code 77 where that cannot be.
set -euo pipefail

program=$1
scenario=$2
if [[ -z ${3-} ]]; then
  place=$(mktemp -d)
  trap 'rm -rf -- "$place"' EXIT
  as_root=()
  ((EUID == 0)) || as_root=(--map-root-user)
  unshare --mount "${as_root[@]}" true 2>/dev/null || exit 77
  unshare --mount "${as_root[@]}" -- bash "${BASH_SOURCE[0]}" "$program" "$scenario" "$place"
  exit
fi

place=$3
fail() {
  printf 'failed: %s\n' "$*" >&2
  sed 's/^/  stderr: /' "$place/err" >&2
  exit 1
}
run() { "$program" run "$scenario" --set run.quarters=6 --replications 200 "$@" >/dev/null 2>"$place/err"; }
mkdir -- "$place/small"
mount -t tmpfs -o size=1m tmpfs "$place/small" || exit 77

run -o "$place/whole" || fail 'the run that has room'
code=0
run -o "$place/small/run" || code=$?
# Too small for the results: refused before it begins, with nothing written.
((code == 2)) || fail "expected 2, saw $code"
grep -q 'of disk' "$place/err" || fail 'the message should tell of the disk'
[[ -z $(ls -A "$place/small") ]] || fail 'something was written'

# Room enough at the start, and then not.
mount -o remount,size=200m "$place/small"
run -o "$place/small/run" &
while kill -0 $! 2>/dev/null && [[ ! -s $place/small/.run.entente-journal-wal ]]; do sleep 0.01; done
head -c 199m /dev/zero >"$place/small/other" 2>/dev/null || true
code=0
wait $! || code=$?
((code == 1)) || fail "expected 1, saw $code"
grep -qi 'full\|no space' "$place/err" || fail 'the message should say that the disk is full'
[[ ! -e $place/small/run ]] || fail 'there is a result folder'

# What was finished is kept.
rm -- "$place/small/other"
run -o "$place/small/run" --resume || fail 'the run that goes on'
for file in "$place/whole/"*.csv; do
  cmp -- "$file" "$place/small/run/${file##*/}" || fail "${file##*/} differs"
done

#!/bin/bash
# A report in a browser without a screen: report_browser.sh PROGRAM SCENARIO BASE. Exit code 77 where
# there is no Chromium that runs.
set -euo pipefail

program=$1
scenario=$2
base=$3
browser=$(type -P chromium || type -P chromium-browser) || exit 77
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}
look() {
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$place/profile" \
    --virtual-time-budget=10000 --enable-logging=stderr --v=0 "$@" 2>"$place/log"
}
look --dump-dom 'data:text/html,<p>here' | grep -q here || exit 77

for run in deal base; do
  file=$scenario
  [[ $run == deal ]] || file=$base
  "$program" run "$file" --set run.quarters=6 --replications 6 -o "$place/$run" --quiet >/dev/null
done
deal=$(sed -n 's/^id *= *"\([^"]*\)".*/\1/p' "$scenario" | head -1)
{
  echo 'table,entity,series,step,deal,mean,standard_error,low,high'
  echo 'firms,one,profit_usd_bn,without,,10,,,'
  echo "firms,one,profit_usd_bn,deal,$deal,-3,1,-5,-1"
  echo 'firms,one,profit_usd_bn,with,,7,,,'
} >"$place/deal/attribution.csv"
"$program" report "$place/deal" "$place/base" -o "$place/page.html" --quiet

# A copy of the page that tells, once it is drawn, which canvases are blank. The page's own policy
# lets no other script run, so it goes.
look --dump-dom "file://$place/page.html" >"$place/dom"
! grep -E 'CONSOLE.*(Error|Refused|error)' "$place/log" || fail 'the console has errors'
grep -q '<canvas' "$place/dom" || fail 'there is no chart'
grep -q 'accounts for most: -3' "$place/dom" || fail 'the attribution has no sentence'
grep -q 'aria-label="With all deals' "$place/dom" || fail 'the attribution is not drawn'
grep -q '<caption>' "$place/dom" || fail 'there is no table behind the charts'
sed -E 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' "$place/page.html" >"$place/open.html"
cat >>"$place/open.html" <<'END'
<script>
const blank = [...document.querySelectorAll("canvas")].filter(canvas =>
  !canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value));
document.body.append("blank canvases: " + blank.length);
</script>
END
look --dump-dom "file://$place/open.html" | grep -q 'blank canvases: 0' || fail 'a chart has no pixels'

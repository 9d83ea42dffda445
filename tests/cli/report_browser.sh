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

cat >"$place/hostile.toml" <<END
extends = "$scenario"
title = "</script><script>document.title = 'taken'</script> & co"
END
simulate() {
  "$program" run "$1" --set run.quarters=6 --replications 6 --allow-extends-anywhere \
    -o "$place/$2" --quiet >/dev/null
}
simulate "$base" base
simulate "$scenario" deal
simulate "$place/hostile.toml" hostile
deal=$(sed -n 's/^id *= *"\([^"]*\)".*/\1/p' "$scenario" | head -1)
{
  echo 'table,entity,series,step,deal,mean,standard_error,low,high'
  echo 'firms,one,profit_usd_bn,without,,10,,,'
  echo "firms,one,profit_usd_bn,deal,$deal,-3,1,-5,-1"
  echo 'firms,one,profit_usd_bn,with,,7,,,'
} >"$place/deal/attribution.csv"

# A copy of the page that tells, once it is drawn, which canvases are blank, and of what ink axes are
# before, in and after print. The page's own policy lets no other script run, so it goes.
cat >"$place/probe" <<'END'
<script>
const blank = [...document.querySelectorAll("canvas")].filter(canvas =>
  !canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value));
const ink = () => Object.values(Chart.instances)[0].scales.y.options.ticks.color;
const inks = [ink()];
for (const moment of ["beforeprint", "afterprint"]) {
  dispatchEvent(new Event(moment));
  inks.push(ink());
}
document.body.append("blank canvases: " + blank.length + "; inks: " + inks.join(" "));
</script>
END
check_page() {
  look --dump-dom "file://$1" >"$place/dom"
  ! grep -E 'CONSOLE.*(Error|Refused|error)' "$place/log" || fail 'the console has errors'
  grep -q '<canvas' "$place/dom" || fail 'there is no chart'
  grep -q '<caption>' "$place/dom" || fail 'there is no table behind the charts'
  grep -q 'accounts for most: -3' "$place/dom" || fail 'the attribution has no sentence'
  grep -q 'aria-label="With all deals' "$place/dom" || fail 'the attribution is not drawn'
  { sed -E 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' "$1"; cat "$place/probe"; } \
    >"$place/open.html"
  look --dump-dom "file://$place/open.html" >"$place/open"
  grep -q 'blank canvases: 0' "$place/open" || fail 'a chart has no pixels'
  grep -q 'inks: rgb(27, 31, 36) #000 rgb(27, 31, 36)' "$place/open" || fail 'print has no ink of its own'
  look --dump-dom --blink-settings=preferredColorScheme=0 "file://$place/open.html" >"$place/open"
  grep -q 'inks: rgb(230, 237, 243) #000 rgb(230, 237, 243)' "$place/open" || fail 'dark has no light ink'
}

"$program" report "$place/base" "$place/deal" -o "$place/page.html" --quiet
check_page "$place/page.html"

"$program" report "$place/base" "$place/hostile" "$place/deal" -o "$place/several.html" --quiet
check_page "$place/several.html"
! grep -q '<title>taken' "$place/dom" || fail 'a title ran as a script'
grep -q '<h2>&lt;/script&gt;&lt;script&gt;' "$place/dom" || fail 'a title is not text'
lines=$(grep -o 'stroke-dasharray="[^"]*"' "$place/dom" | sort -u | wc -l)
((lines == 3)) || fail "the legend has $lines kinds of lines for three runs"

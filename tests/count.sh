# Sourced by tests/run and .ci/run: runs the tests of a build folder and sums them up.

# run_and_count BUILD [LABEL…]
# A case that could not be started counts as failed; a skipped one is neither passed nor failed.
run_and_count() {
  local folder report line passed=0 failed=0 skipped=0
  folder=$(cd -- "$1" && pwd)
  local -a only=()
  shift
  (($# == 0)) || only=(-L "^($(IFS='|' && printf %s "$*"))\$")
  report=$folder/tests.xml
  rm -f -- "$report"
  ctest --test-dir "$folder" --parallel "$(nproc)" "${only[@]}" --output-on-failure \
    --no-tests=ignore --output-junit "$report" || true
  [[ -f $report ]] || return 1
  while IFS= read -r line; do
    case $line in
      *'<testcase '*' status="run"'*) passed=$((passed + 1)) ;;
      *'<testcase '*' status="notrun"'* | *'<testcase '*' status="disabled"'*) skipped=$((skipped + 1)) ;;
      *'<testcase '*) failed=$((failed + 1)) ;;
      # What was not run for another reason than a skip it asked for.
      *'<skipped message="'*)
        [[ $line == *'"SKIP_'* ]] || { skipped=$((skipped - 1)) && failed=$((failed + 1)); } ;;
    esac
  done <"$report"
  line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  printf '%s\n' "$line"
  ((failed == 0 && passed > 0))
}

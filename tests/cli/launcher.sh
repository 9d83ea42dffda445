#!/bin/bash
# The launcher, driven on a small project of the same layout: launcher.sh CASE, or nothing to
# see the names of the cases.
# Exit code 77: this machine cannot show the case.
set -euo pipefail

source_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
chmod 755 "$place"
unset CXX CPPFLAGS CXXFLAGS LDFLAGS
export XDG_CACHE_HOME=$place/cache

fail() {
  printf 'failed: %s\n' "$*" >&2
  [[ ! -s $place/err ]] || sed 's/^/  stderr: /' "$place/err" >&2
  exit 1
}
equal() { [[ $1 == "$2" ]] || fail "$3: expected '$2', saw '$1'"; }
has() { grep -qF -- "$2" "$1" || fail "$1 should hold '$2'"; }
has_not() { [[ ! -e $1 ]] || ! grep -qF -- "$2" "$1" || fail "$1 should not hold '$2'"; }

# A checkout in a path with spaces, whose program says what it was given.
project="$place/a checkout"
mkdir -p "$project/engine" "$project/models" "$project/.setup"
cp "$source_root/entente" "$source_root/CMakePresets.json" "$project/"
cp "$source_root/.setup/"*.sh "$project/.setup/"
printf '[build]\nbash\n[test]\n' >"$project/.setup/packages.txt"
cat >"$project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(fixture LANGUAGES CXX)
option(ENTENTE_TESTS "" ON)
option(ENTENTE_BENCH "" ON)
include(sources.cmake OPTIONAL)
add_executable(entente models/main.cpp ${sources})
target_include_directories(entente PRIVATE ${PROJECT_SOURCE_DIR})
END
printf '#define ANSWER "one"\n' >"$project/engine/answer.hpp"
cat >"$project/models/main.cpp" <<'END'
#include "engine/answer.hpp"
#include <cstdlib>
#include <iostream>
#include <string>
#include <unistd.h>
int main(int count, char** arguments) {
  const std::string command = count > 1 ? arguments[1] : "answer";
  if (command == "answer") std::cout << ANSWER << '\n';
  if (command == "folder") std::cout << getcwd(nullptr, 0) << '\n';
  if (command == "exit") return std::atoi(arguments[2]);
  if (command == "arguments")
    for (int i = 2; i < count; ++i) std::cout << '<' << arguments[i] << ">\n";
  if (command == "copy") std::cout << std::cin.rdbuf();
  if (command == "wait") {
    std::cout << getpid() << std::endl;
    sleep(60);
  }
}
END
entente=$project/entente

call() { "$entente" "$@" 2>"$place/err"; }
expect_answer() { equal "$(call)" "$1" "$2"; }

# Commands put before the real ones: each notes its call in $place/calls, then does BODY.
stub() {
  mkdir -p "$place/stubs"
  printf '#!/bin/bash\nprintf "%%s\\n" "%s $*" >>"%s/calls"\n%s\n' "$1" "$place" "${2-}" \
    >"$place/stubs/$1"
  chmod 755 "$place/stubs/$1"
  PATH=$place/stubs:${PATH#"$place/stubs:"}
}

# Runs as a user without rights, whoever runs the tests.
without_rights() {
  if ((EUID == 0)); then
    chown -R 65534:65534 "$place"
    setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
  else
    "$@"
  fi
}

case_first_call_builds_and_says_so_on_stderr() {
  equal "$(call)" one 'stdout of the first call'
  has "$place/err" 'building in'
}

case_passes_arguments_and_input() {
  call >/dev/null
  equal "$(call arguments 'a b' '' '*' $'two\nlines')" $'<a b>\n<>\n<*>\n<two\nlines>' arguments
  equal "$(printf 'to the end' | call copy)" 'to the end' input
}

case_leaves_the_input_to_the_first_call() {
  equal "$(printf 'kept' | call copy)" kept input
}

case_runs_through_symlinks_in_the_callers_folder() {
  mkdir -p "$place/bin" "$place/other folder"
  ln -s "$entente" "$place/bin/first"
  ln -s first "$place/bin/entente"
  cd "$place/other folder"
  equal "$(PATH=$place/bin:$PATH entente folder 2>"$place/err")" "$place/other folder" 'from PATH'
  equal "$(../bin/entente folder 2>"$place/err")" "$place/other folder" 'relative link'
  equal "$(CDPATH=/ "$entente" folder 2>"$place/err")" "$place/other folder" 'with CDPATH'
}

case_passes_the_exit_code() {
  local code=0
  call exit 3 || code=$?
  equal "$code" 3 'exit code of a first call'
  code=0
  call exit 130 || code=$?
  equal "$code" 130 'exit code'
}

case_becomes_the_program() {
  local process code=0
  call >/dev/null
  "$entente" wait >"$place/pid" &
  process=$!
  for _ in {1..200}; do [[ -s $place/pid ]] && break || sleep 0.05; done
  equal "$(cat "$place/pid")" "$process" 'process id'
  kill -TERM "$process"
  wait "$process" || code=$?
  equal "$code" 143 'exit code after SIGTERM'
}

case_two_first_calls_build_once() {
  "$entente" >"$place/out1" 2>"$place/err1" &
  local first=$! second
  "$entente" >"$place/out2" 2>"$place/err2" &
  second=$!
  wait "$first" || fail "first call: $(cat "$place/err1")"
  wait "$second" || fail "second call: $(cat "$place/err2")"
  equal "$(cat "$place/out1" "$place/out2")" $'one\none' 'both answers'
  equal "$(cat "$place/err1" "$place/err2" | grep -c 'building in')" 1 'builds'
}

case_later_calls_touch_nothing() {
  call >/dev/null
  for tool in apt-get dpkg-query sudo cmake ninja; do stub "$tool" 'exit 1'; done
  expect_answer one 'second call'
  [[ ! -e $place/calls ]] || fail "a later call ran: $(cat "$place/calls")"
  [[ ! -s $place/err ]] || fail 'a later call says something'
}

case_sees_a_changed_source() {
  call >/dev/null
  printf '#define ANSWER "two"\n' >"$project/engine/answer.hpp"
  expect_answer two 'after an edit'
  has_not "$place/err" 'building anew'
}

case_sees_a_source_replaced_by_an_older_one() {
  printf '#define ANSWER "old"\n' >"$place/older.hpp"
  touch -d '2020-01-01' "$place/older.hpp"
  call >/dev/null
  mv "$place/older.hpp" "$project/engine/answer.hpp"
  expect_answer old 'after an older file took its place'
}

case_sees_an_added_source() {
  call >/dev/null
  printf 'set(sources engine/loud.cpp)\n' >"$project/sources.cmake"
  printf '#error seen\n' >"$project/engine/loud.cpp"
  # The list of sources is outside what is watched: the new file alone has to start the build,
  # which then reads the list.
  call >/dev/null && fail 'an added source was not built'
  has "$place/err" 'seen'
}

case_sees_a_deleted_source() {
  call >/dev/null
  rm "$project/engine/answer.hpp"
  call >/dev/null && fail 'a deleted header was not missed'
  has "$place/err" 'the build failed'
}

case_sees_a_renamed_source() {
  call >/dev/null
  mv "$project/engine/answer.hpp" "$project/engine/reply.hpp"
  call >/dev/null && fail 'a renamed header was not missed'
  mv "$project/engine/reply.hpp" "$project/engine/answer.hpp"
  expect_answer one 'after it was renamed back'
}

case_sees_a_changed_build_file() {
  call >/dev/null
  printf 'target_compile_definitions(entente PRIVATE ANSWER="defined")\n' \
    >>"$project/CMakeLists.txt"
  printf '#ifndef ANSWER\n#error\n#endif\n' >"$project/engine/answer.hpp"
  expect_answer defined 'after a change of CMakeLists.txt'
}

case_sees_a_changed_preset() {
  call >/dev/null
  sed -i 's/"CMAKE_BUILD_TYPE": "Release"/"CMAKE_BUILD_TYPE": "Release", "CMAKE_CXX_FLAGS": "-DFLAG"/' \
    "$project/CMakePresets.json"
  printf '#ifdef FLAG\n#define ANSWER "flag"\n#endif\n' >"$project/engine/answer.hpp"
  expect_answer flag 'after a change of CMakePresets.json'
}

case_sees_a_changed_package_list() {
  call >/dev/null
  printf '[build]\nbash\nentente-no-such-package\n' >"$project/.setup/packages.txt"
  stub apt-get 'exit 100'
  stub sudo 'exit 1'
  call >/dev/null && fail 'a package that is missing was not missed'
  has "$place/err" 'entente-no-such-package'
}

case_sees_a_change_of_compiler() {
  local real
  real=$(type -P c++)
  stub c++ "exec '$real' \"\$@\""
  call >/dev/null
  equal "$(grep -c "^c++ .* -c .*main.cpp" "$place/calls")" 1 'compilations'
  stub c++ "exec '$real' -DUNUSED \"\$@\""
  touch -d '+2 seconds' "$place/stubs/c++"
  expect_answer one 'with another compiler'
  has "$place/err" 'the compiler changed'
  equal "$(grep -c "^c++ .* -c .*main.cpp" "$place/calls")" 2 'compilations'
  CXX=$real expect_answer one 'with CXX set'
  has "$place/err" 'the compiler changed'
}

case_survives_a_move_of_the_checkout() {
  call >/dev/null
  mv "$project" "$place/moved"
  entente=$place/moved/entente
  expect_answer one 'after the checkout moved'
  has "$place/err" "building in $place/moved"
}

case_does_not_run_a_stale_program() {
  call >/dev/null
  printf 'broken\n' >"$project/engine/answer.hpp"
  local code=0
  call >"$place/out" || code=$?
  equal "$code" 1 'exit code of a failed build'
  equal "$(cat "$place/out")" '' 'stdout of a failed build'
  printf '#define ANSWER "mended"\n' >"$project/engine/answer.hpp"
  expect_answer mended 'after the source was mended'
}

case_builds_in_the_cache_when_the_checkout_is_read_only() {
  cat >"$place/read_only.sh" <<'END'
set -e
if ((EUID == 0)); then
  mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 77
else
  chmod -R a-w "$1"
fi
"$1/entente"
"$1/entente" folder
END
  local code=0
  if ((EUID == 0)); then
    unshare --mount bash "$place/read_only.sh" "$project" >"$place/out" 2>"$place/err" || code=$?
    # Neither a container's bounds nor a missing unshare is the launcher's fault.
    [[ -s $place/out || $code == 0 ]] || ! grep -qE 'unshare|mount' "$place/err" || exit 77
  else
    bash "$place/read_only.sh" "$project" >"$place/out" 2>"$place/err" || code=$?
    chmod -R u+w "$project"
  fi
  equal "$code" 0 'exit code'
  equal "$(head -1 "$place/out")" one 'answer'
  equal "$(grep -c 'building in' "$place/err")" 1 'builds'
  has "$place/err" "building in $place/cache/entente/"
  [[ ! -e $project/build ]] || fail 'the checkout was written to'
}

case_without_rights_says_what_to_install() {
  printf '[build]\nbash\nentente-no-such-package\nentente-nor-this\n' >"$project/.setup/packages.txt"
  stub sudo 'exit 1'
  stub apt-get 'exit 1'
  local code=0
  without_rights "$entente" >"$place/out" 2>"$place/err" </dev/null || code=$?
  equal "$code" 1 'exit code'
  has "$place/err" 'missing Debian packages: entente-no-such-package entente-nor-this'
  has "$place/err" '  sudo apt-get update && sudo apt-get install --yes --no-install-recommends entente-no-such-package entente-nor-this'
  [[ ! -e $place/calls ]] || fail "it ran: $(cat "$place/calls")"
  [[ ! -s $place/out ]] || fail 'something was said on stdout'
}

case_asks_for_sudo_on_a_terminal_and_for_apt_alone() {
  printf '[build]\nbash\nentente-no-such-package\n' >"$project/.setup/packages.txt"
  stub sudo 'exec env "$@"'
  stub apt-get "[[ \$DEBIAN_FRONTEND == noninteractive ]] || exit 1; [[ \$* == *install* ]] && touch '$place/installed'; exit 0"
  stub dpkg-query "echo 'installed bash'; [[ ! -e '$place/installed' ]] || echo 'installed entente-no-such-package'"
  without_rights script -qec "'$entente'" /dev/null >"$place/err" </dev/null || true
  has "$place/calls" 'sudo DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 update'
  has "$place/calls" 'sudo DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends entente-no-such-package'
  equal "$(grep -c '^sudo' "$place/calls")" 2 'calls of sudo'
  has "$place/err" one
}

case_as_root_installs_what_is_missing() {
  ((EUID == 0)) || exit 77
  printf '[build]\nbash\nentente-no-such-package\n' >"$project/.setup/packages.txt"
  stub apt-get "[[ \$DEBIAN_FRONTEND == noninteractive ]] || exit 1; [[ \$* == *install* ]] && touch '$place/installed'; exit 0"
  stub dpkg-query "echo 'installed bash'; [[ ! -e '$place/installed' ]] || echo 'installed entente-no-such-package'"
  equal "$(call </dev/null)" one 'answer'
  equal "$(grep '^apt-get' "$place/calls")" "apt-get -q -o DPkg::Lock::Timeout=600 update
apt-get -q -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends entente-no-such-package" 'calls of apt-get'
}

case_without_network_says_what_to_install() {
  ((EUID == 0)) || exit 77
  printf '[build]\nbash\nentente-no-such-package\n' >"$project/.setup/packages.txt"
  stub apt-get 'exit 100'
  local code=0
  call >"$place/out" || code=$?
  equal "$code" 1 'exit code'
  has "$place/err" '  apt-get update && apt-get install --yes --no-install-recommends entente-no-such-package'
  [[ ! -s $place/out ]] || fail 'something was said on stdout'
}

cases=$(compgen -A function case_)
if (($# == 0)); then
  printf '%s\n' "${cases//case_/}"
  exit
fi
[[ $'\n'$cases$'\n' == *$'\n'"case_$1"$'\n'* ]] || fail "no case is named $1"
"case_$1"

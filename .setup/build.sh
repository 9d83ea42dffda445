# Sourced by entente, tests/run and .ci/run after packages.sh. Expects $root, the top of the
# checkout: where the release build is, whether it is up to date, and how it is made.

# Sets $build to the folder of the release build: in the checkout, or in the user's cache when the
# checkout cannot be written and holds no build that is up to date.
choose_build_folder() {
  local folder cache name
  build=$root/build/release
  is_fresh && return
  folder=$build
  until [[ -e $folder ]]; do folder=${folder%/*}; done
  [[ -w $folder ]] && return
  cache=${XDG_CACHE_HOME-}
  [[ $cache == /* ]] || cache=~/.cache
  name=$(printf %s "$root" | sha256sum)
  build=$cache/entente/${name:0:16}
}

# Sets $toolchain: what makes every object stale when it changes. All compilers of that name count,
# as the first on the path may be a wrapper of the next; each is told by the file it stands for, so
# that another order of /bin and /usr/bin is no change.
read_toolchain() {
  local IFS=$' \t\n' path
  local -A files=()
  while IFS= read -r path; do
    [[ -z $path ]] || files[$path]=1
  done <<<"$(readlink -f -- $(type -aP -- ${CXX:-c++}) 2>/dev/null)"
  toolchain="checkout $root
flags ${CXX-}|${CPPFLAGS-}|${CXXFLAGS-}|${LDFLAGS-}"
  ((${#files[@]})) || return 0
  toolchain+=$'\n'$(stat -c 'compiler %n %s %Y' -- "${!files[@]}")
}

# Sets $sources: time, size and name of every file that goes into the binary.
read_sources() {
  sources=$(CDPATH= cd -- "$root" &&
    find -L engine models CMakeLists.txt CMakePresets.json .setup -type f -printf '%T@ %s %p\n' 2>/dev/null) || true
}

# True when the binary was made from $sources by $toolchain.
is_fresh() {
  local stamp=
  [[ -x $build/entente && -f $build/built-from.txt ]] || return
  IFS= read -r -d '' stamp <"$build/built-from.txt" || true
  [[ $stamp == "$toolchain"$'\n'"$sources"$'\n' ]]
}

# True when a source was replaced by another file older than the last build began, which Ninja,
# going by time alone, would not see.
was_replaced_by_older() {
  [[ -f $build/built-from.txt ]] || return
  local line began time
  local -A known=()
  began=$(stat -c %.9Y -- "$build/built-from.txt")
  while IFS= read -r line; do
    [[ -z $line ]] || known[${line#* * }]=$line
  done <"$build/built-from.txt"
  while IFS= read -r line; do
    [[ ${known[${line#* * }]-$line} == "$line" ]] && continue
    time=${line%% *}0000000000
    time=${time%%.*}${time#*.}
    ((${time:0:19} > ${began/./})) || return 0
  done <<<"$sources"
  return 1
}

# Waits for the build folder; the lock dies with the last process of the build.
lock_build_folder() {
  mkdir -p -- "$build" || return
  exec {lock}>>"$build/lock"
  flock -n "$lock" && return
  say "waiting for another build in $build"
  flock "$lock"
}

unlock_build_folder() { exec {lock}>&-; }

# Configures $build; further arguments go to CMake. What CMake says is shown when it fails.
configure() {
  local said
  said=$(cmake -S "$root" -B "$build" --preset release "$@" 2>&1 </dev/null) && return
  printf '%s\n' "$said" >&2
  return 1
}

# build_release first|always CMAKE_ARGUMENTS… -- TARGETS…
# Brings the targets up to date under the lock. The arguments go to CMake when the folder is
# configured for the first time, or always.
build_release() {
  local when=$1 old= pending=$build/built-from.txt.new
  shift
  local -a arguments=()
  while [[ $1 != -- ]]; do arguments+=("$1") && shift; done
  shift

  if [[ -f $build/toolchain.txt ]]; then IFS= read -r -d '' old <"$build/toolchain.txt" || true; fi
  if [[ -n $old && $old != "$toolchain"$'\n' ]]; then
    say 'the compiler changed: building anew'
    [[ ! -f $build/build.ninja ]] || ninja -C "$build" -t clean >/dev/null || return
    when=always
    arguments+=(--fresh)
  elif was_replaced_by_older; then
    say 'a source was replaced by an older file: building anew'
    ninja -C "$build" -t clean >/dev/null || return
  fi
  [[ -f $build/CMakeCache.txt ]] || when=always
  [[ $when == always ]] || arguments=()

  # Taken before the build: what changes while it runs is found stale next time.
  printf '%s\n%s\n' "$toolchain" "$sources" >"$pending" || return
  rm -f -- "$build/built-from.txt"
  configure "${arguments[@]}" || return
  printf '%s\n' "$toolchain" >"$build/toolchain.txt" || return
  ninja -C "$build" -j "$(nproc)" "$@" >&2 </dev/null || return
  mv -f -- "$pending" "$build/built-from.txt"
}

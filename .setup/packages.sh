# Sourced by entente, tests/run and .ci/run. Expects $root, the top of the checkout.
# Everything said here goes to stderr.

say() { printf 'entente: %s\n' "$*" >&2; }

# Prints the packages listed under the sections named.
listed_packages() {
  local line section=
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      '['*']') section=${line:1:-1} ;;
      *) [[ " $* " == *" $section "* ]] && printf '%s\n' "$line" ;;
    esac
  done <"$root/.setup/packages.txt"
  return 0
}

# Sets the array `missing` to the packages of the sections named that are not installed.
find_missing_packages() {
  local package installed
  missing=()
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $(listed_packages "$@") 2>/dev/null) || true
  for package in $(listed_packages "$@"); do
    [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
  done
}

# Prints the one line that installs the packages named, to be run by a person.
install_line() {
  local as_root=
  ((EUID == 0)) || as_root='sudo '
  printf '%sapt-get update && %sapt-get install --yes --no-install-recommends %s\n' \
    "$as_root" "$as_root" "$*"
}

# Runs apt-get as root: as we are, or through sudo when a person is there to answer it. Nothing
# started here may hold the build's lock or the caller's input.
run_apt() {
  local -a as_root=()
  ((EUID == 0)) || as_root=(sudo)
  (
    [[ -z ${lock-} ]] || exec {lock}>&-
    if ((EUID == 0)); then export DEBIAN_FRONTEND=noninteractive; else as_root+=(DEBIAN_FRONTEND=noninteractive); fi
    "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=600 "$@" </dev/null >&2
  )
}

may_become_root() {
  ((EUID == 0)) && return
  [[ -t 0 && -t 2 ]] && type -P sudo >/dev/null
}

# Installs what is missing of the sections named, or says how to and fails.
ensure_packages() {
  local -a missing
  if ! type -P dpkg-query >/dev/null || ! type -P apt-get >/dev/null; then
    say "this is not a Debian system: going on in the hope that the likes of these are here:" $(listed_packages "$@")
    return 0
  fi
  find_missing_packages "$@"
  ((${#missing[@]})) || return 0
  say "missing Debian packages: ${missing[*]}"
  if may_become_root; then
    say 'installing them'
    # A failed update may still leave lists that are good enough.
    run_apt update || say 'apt-get update failed; trying with the lists at hand'
    run_apt install --yes --no-install-recommends "${missing[@]}" || true
    find_missing_packages "$@"
    ((${#missing[@]})) || return 0
    say 'the packages could not be installed. With network, run'
  else
    say 'they need root rights to install. Run'
  fi
  printf '\n  %s\n\n' "$(install_line "${missing[@]}")" >&2
  say 'and then the same command again.'
  return 1
}

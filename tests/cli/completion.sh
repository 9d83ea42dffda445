#!/bin/bash
# What a shell completes of entente's words: completion.sh SHELL PROGRAM. Exit code 77 where there is no
# such shell.
set -euo pipefail

shell=$1
program=$2
type -P "$shell" >/dev/null || exit 77
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
cd -- "$place"
"$program" completion "$shell" >script
mkdir 'deals of mine' results
touch one.toml two.csv three.txt 'deals of mine/four.toml'
failures=0

# expect LINE CANDIDATE…: what is offered for the last word of the line.
expect() {
  local seen expected
  seen=$(offered "$1")
  expected=$(printf '%s\n' "${@:2}" | sort)
  if [[ $seen != "$expected" ]]; then
    printf 'failed: %s: expected\n%s\nsaw\n%s\n' "$1" "$expected" "$seen" >&2
    failures=$((failures + 1))
  fi
}

case $shell in
  bash)
    # Words are split as readline does it, at = too.
    offered() {
      bash --norc -c '
        source ./script
        function_name=$(complete -p entente | sed "s/.*-F \([^ ]*\).*/\1/")
        read -ra COMP_WORDS <<<"${1//=/ = }"
        [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        "$function_name"
        ((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}" | sort' bash "$1"
    }
    expect 'entente comp' compare completion
    expect 'entente d'
    expect 'entente run --re' --replication --replications --resume
    expect 'entente run one.toml --th' --threads
    expect 'entente document --c' --check
    expect 'entente compare --fail-on ' any significant
    expect 'entente compare --fail-on s' significant
    expect 'entente compare --fail-on=' any significant
    expect 'entente compare --fail-on=a' any
    expect 'entente completion ' bash zsh
    expect 'entente run ' 'deals of mine' one.toml results
    expect 'entente compare ' 'deals of mine' one.toml results two.csv
    expect 'entente report ' 'deals of mine' results
    expect 'entente run one.toml -o ' 'deals of mine' results
    expect 'entente run one.toml --output r' results
    expect 'entente run --set '
    expect 'entente run --seed '
    expect 'entente help ba' backtest
    expect 'entente unknown '
    ;;
  zsh)
    # Types the line and a tab in a zsh of its own, and then reads what is there.
    cat >type.zsh <<'END'
zmodload zsh/zpty
zpty typed "zsh -f -i"
zpty -w typed 'PS1=; unsetopt beep; fpath=('${(j: :)${(q)fpath}}'); autoload -Uz compinit; compinit -u -D'
zpty -w typed 'source ./script; zstyle ":completion:*" menu no; setopt no_auto_menu no_list_beep'
zpty -w typed 'entente() { print -rl -- "$@" >words; }; print -r ready >is-ready'
repeat 400; do [[ -e is-ready ]] && break; sleep 0.05; done
zpty -w -n typed "$1"$'\t\n'
repeat 400; do [[ -s words ]] && break; sleep 0.05; done
zpty -d typed
END
    offered() {
      rm -f words is-ready
      zsh -f type.zsh "$1" >/dev/null
      tr '\n' ' ' <words | sed 's/ $//'
    }
    expect 'entente compa' compare
    expect 'entente run --thr' 'run --threads'
    expect 'entente run --resu' 'run --resume'
    expect 'entente compare --fail-on s' 'compare --fail-on significant'
    expect 'entente compare --fail-on=a' 'compare --fail-on=any'
    expect 'entente completion z' 'completion zsh'
    expect 'entente run o' 'run one.toml'
    expect 'entente compare tw' 'compare two.csv'
    expect 'entente run d' 'run deals of mine'
    expect 'entente report res' 'report results'
    expect 'entente run one.toml -o r' 'run one.toml -o results'
    expect 'entente help back' 'help backtest'
    ;;
esac
((failures == 0))

# shellcheck shell=bash
# Sourced by the scripts of this folder: options, calls by grpcurl, and errors a person can read.
#   --target HOST:PORT   the server; default KAM_TARGET, else 127.0.0.1:50051 (plain text)
#   -h, --help           what the script does

ADMIN=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SCRIPT=$(basename "$0")
TARGET=${KAM_TARGET:-127.0.0.1:50051}
export PYTHONDONTWRITEBYTECODE=1

say() { printf '%s\n' "$*" >&2; }
die() {
  printf '%s\n' "$SCRIPT: $*" >&2
  exit 1
}

# The comment block at the top of the script is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }
misused() {
  printf '%s\n\n' "$SCRIPT: $*" >&2
  usage >&2
  exit 2
}

GRPCURL=$(cd "$ADMIN/../.." && pwd)/.kam/bin/grpcurl
[ -x "$GRPCURL" ] || GRPCURL=$(command -v grpcurl) || die "there is no grpcurl: run scripts/setup"
command -v python3 > /dev/null || die "python3 is needed"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# parse_options "FLAG... NAME=..." "$@": flags and valued options into the array OPTION, the rest into
# ARGS. `--name value` and `--name=value` are the same.
declare -A OPTION=()
ARGS=()
parse_options() {
  local known=" $1 " name
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      -h | --help) usage; exit 0 ;;
      --?*=*)
        name=${1%%=*}
        [[ "$known --target= " == *" $name= "* ]] || misused "unknown option $name"
        OPTION[${name#--}]=${1#*=}
        ;;
      --?*)
        if [[ "$known" == *" $1 "* ]]; then
          OPTION[${1#--}]=1
        elif [[ "$known --target= " == *" $1= "* ]]; then
          [ $# -ge 2 ] || misused "$1 needs a value"
          OPTION[${1#--}]=$2
          shift
        else
          misused "unknown option $1"
        fi
        ;;
      *) ARGS+=("$1") ;;
    esac
    shift
  done
  TARGET=${OPTION[target]:-$TARGET}
}

# object KEY VALUE...: a JSON object of strings; empty values are left out.
object() {
  python3 -c '
import json, sys
given = sys.argv[1:]
print(json.dumps({k: v for k, v in zip(given[::2], given[1::2]) if v}))' "$@"
}

# field PATH < JSON: the value at a dotted path, or nothing.
field() {
  python3 -c '
import functools, json, sys
value = functools.reduce(lambda v, k: v.get(k, {}), sys.argv[1].split("."), json.load(sys.stdin))
print("" if value == {} else value)' "$1"
}

# 1998-07-01 → 1998-07-01T00:00:00Z
day() {
  [ -z "$1" ] && return
  if ! [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || ! date -d "$1" > /dev/null 2>&1; then
    misused "'$1' is no day: write YYYY-MM-DD"
  fi
  printf '%sT00:00:00Z' "$1"
}

# name COLLECTION ID: `accounts acme` and `accounts accounts/acme` are both accounts/acme.
name() { case "$2" in */*) printf '%s' "$2" ;; *) printf '%s/%s' "$1" "$2" ;; esac; }

# raw METHOD < MESSAGES: the answer as JSON; the error stays in $WORK/error.
raw() {
  "$GRPCURL" -plaintext -format-error -connect-timeout 5 -max-msg-sz 67108864 -d @ \
    "$TARGET" "$1" 2> "$WORK/error"
}

# call METHOD [JSON]: the answer as JSON; a refusal ends the script with its reason.
call() {
  local body=${2:-}
  raw "$1" <<< "${body:-"{}"}" || {
    python3 "$ADMIN/lib/error.py" "$SCRIPT" "$TARGET" < "$WORK/error" >&2
    exit 1
  }
}

# follow OPERATION < JSON of an operation: waits for its end; the finished operation as JSON. A failed
# one ends the script with its reason.
follow() {
  local operation id
  operation=$(cat)
  id=$(field name <<< "$operation")
  while [ "$(field "done" <<< "$operation")" != True ]; do
    operation=$(call google.longrunning.Operations/WaitOperation \
      "$(object name "$id" timeout 1s)") || exit 1
    [ ! -t 2 ] || python3 "$ADMIN/lib/show.py" progress <<< "$operation" >&2
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
  python3 "$ADMIN/lib/error.py" --operation "$SCRIPT" "$TARGET" <<< "$operation" >&2 || exit 1
  printf '%s\n' "$operation"
}

show() { python3 "$ADMIN/lib/show.py" "$@"; }

# shellcheck shell=bash
# Sourced by every script: where things are, and how to speak.

# The scripts set ROOT before sourcing this.
: "${ROOT:?}"
export KAM_STATE="$ROOT/.kam"
export KAM_PRESET="${KAM_PRESET:-default}"
export KAM_BUILD="$ROOT/build/$KAM_PRESET"
export KAM_BINARY="$KAM_BUILD/kam"
export KAM_CDNOW_DIR="$KAM_STATE/data/cdnow"
export PATH="$KAM_STATE/bin:$PATH"
export PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH="$ROOT/clients/python/src${PYTHONPATH:+:$PYTHONPATH}"  # the client as it stands
# shellcheck disable=SC2034  # used by the scripts that source this
PYTHON="$KAM_STATE/venv/bin/python"

say() { printf '%s\n' "== $*" >&2; }
die() {
  printf '%s\n' "$(basename "$0"): $*" >&2
  exit 1
}

# usage: prints the comment block at the top of the calling script.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# build TARGET...: configures once, then builds; prints only what is worth reading.
build() {
  [ -f "$KAM_BUILD/build.ninja" ] || cmake --log-level=WARNING --preset "$KAM_PRESET" -S "$ROOT" >&2 || return 1
  local quiet=()
  [ -t 2 ] || quiet=(-- --quiet)
  cmake --build "$KAM_BUILD" --target "$@" "${quiet[@]}" >&2
}

# in_background COMMAND...: $! is its pid and its process group: a Ctrl-C at the terminal reaches only
# the script, which ends what it started in its own order. Descriptor 9 is the lock of scripts/run.
in_background() {
  set -m
  "$@" < /dev/null 9>&- &
  set +m
}

# step COMMAND...: runs it to its end, yet lets a signal reach this script at once.
step() {
  local status=0
  in_background "$@"
  STEPS+=($!)
  wait $! || status=$?
  return "$status"
}
STEPS=()

# Ends the steps that still run, with all they started. A step that has ended has left its group
# empty, or holds only what it forgot.
end_steps() {
  local pid
  for pid in "${STEPS[@]}"; do kill -- "-$pid" 2> /dev/null || true; done
}

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
  [ -f "$KAM_BUILD/build.ninja" ] || cmake --preset "$KAM_PRESET" -S "$ROOT" >&2 || return 1
  cmake --build "$KAM_BUILD" --target "$@" >&2
}

# shellcheck shell=bash
# A throw-away cluster for tests and benchmarks; source common.sh and postgres.sh first.
# new_scratch [name=value...] makes SCRATCH (a folder in /tmp, removed at exit together with its
# cluster) and exports KAM_TEST_DATABASE_URL, in which tests may CREATE DATABASE. Tests that need a
# cluster of their own start it in a new folder of KAM_SCRATCH: what they leave there is removed too.

new_scratch() {
  sweep_scratch
  SCRATCH=$(mktemp -d /tmp/kam-test-XXXXXX)
  chmod 755 "$SCRATCH" # the user postgres passes through
  echo $$ > "$SCRATCH/owner.pid"
  trap drop_scratch EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_cluster "$SCRATCH/pg" "$@" || die "no PostgreSQL to test with"
  KAM_TEST_DATABASE_URL=$(cluster_url "$SCRATCH/pg")
  export KAM_TEST_DATABASE_URL
  export KAM_SCRATCH=$SCRATCH
  export KAM_POSTGRES_SH=$ROOT/scripts/lib/postgres.sh
}

drop_scratch() {
  local status=$?
  end_steps
  remove_scratch "$SCRATCH"
  exit "$status"
}

remove_scratch() {
  local folder
  for folder in "$1"/*/; do
    [ -d "$folder/data" ] || [ -d "$folder/apart" ] && remove_cluster "$folder"
  done
  rm -rf "$1"
}

# Removes what runs that were killed left behind.
sweep_scratch() {
  local folder
  for folder in /tmp/kam-test-??????; do
    [ -O "$folder" ] && [ -f "$folder/owner.pid" ] || continue
    kill -0 "$(cat "$folder/owner.pid")" 2> /dev/null && continue
    say "removing the cluster of a run that was killed: $folder"
    remove_scratch "$folder"
  done
}

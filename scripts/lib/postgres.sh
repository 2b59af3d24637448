#!/usr/bin/env bash
# A private PostgreSQL cluster: unix socket only, never run by root. Source it, or run it:
#   scripts/lib/postgres.sh start DIR [name=value...]   initdb when DIR is empty, start, wait until it answers
#   scripts/lib/postgres.sh stop DIR [fast|immediate]   stop; not running is fine
#   scripts/lib/postgres.sh kill DIR                    kill -9 the server, as a crash would
#   scripts/lib/postgres.sh remove DIR                  stop, and delete all of it
#   scripts/lib/postgres.sh url DIR [DATABASE]          its libpq URL
# name=value are server settings of this start, e.g. fsync=off. The superuser is "kam".

# The newest PostgreSQL of at least 15 that Debian installed.
pg_bin() {
  local bin
  bin=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -t/ -k5,5n | tail -n 1)
  [ -x "$bin" ] || { echo "PostgreSQL is not installed: run scripts/setup" >&2; return 1; }
  dirname "$bin"
}

# Runs a command as the cluster's owner: the system user postgres when we are root.
pg_as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

# Where the cluster of DIR is kept: in DIR, or, when the user postgres may not
# pass the folders above it (a clone below /root), in /var/lib/kam with a link from DIR.
pg_home() {
  local dir
  dir=$(realpath -m "$1")
  mkdir -p "$dir" || return 1
  if [ "$(id -u)" = 0 ] && ! pg_as_owner test -x "$dir" && [ ! -e "$dir/data" ]; then
    local apart
    apart=/var/lib/kam/$(printf '%s' "$dir" | sha256sum | cut -c1-12)
    install -d -m 755 /var/lib/kam "$apart" || return 1
    ln -sfn "$apart" "$dir/apart"
  fi
  if [ -e "$dir/apart" ]; then realpath "$dir/apart"; else echo "$dir"; fi
}

# The folder of the socket. A socket's path is limited to 107 bytes, so that of a deep folder is in /tmp.
pg_socket_dir() {
  local home
  home=$(pg_home "$1") || return 1
  if [ "${#home}" -le 80 ]; then
    echo "$home/socket"
  else
    echo "/tmp/kam-pg-$(id -u)-$(printf '%s' "$home" | sha256sum | cut -c1-12)"
  fi
}

cluster_url() { echo "postgresql:///${2:-postgres}?host=$(pg_socket_dir "$1")&user=kam"; }

# One statement, its rows bare: cluster_sql DIR SQL
cluster_sql() {
  psql -XqAtc "$2" -v ON_ERROR_STOP=1 "$(cluster_url "$1")"
}

# The process PID exists and is not a zombie that nobody has reaped.
process_alive() { [ -d "/proc/$1" ] && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }

# The server's pid when it runs. Lock files that a crash left behind are removed: PostgreSQL itself
# would take a zombie, or another process that got the same pid, for a running server.
cluster_pid() {
  local home sockets pid
  home=$(pg_home "$1") && sockets=$(pg_socket_dir "$1") || return 1
  pid=$(head -n 1 "$home/data/postmaster.pid" 2> /dev/null) || return 1
  if process_alive "$pid" && [ "$(readlink "/proc/$pid/cwd")" = "$home/data" ]; then
    echo "$pid"
  else
    rm -f "$home/data/postmaster.pid" "$sockets"/.s.PGSQL.*
    return 1
  fi
}
cluster_running() { cluster_pid "$1" > /dev/null; }

start_cluster() {
  local dir=$1 home bin sockets setting try
  shift
  home=$(pg_home "$dir") && bin=$(pg_bin) && sockets=$(pg_socket_dir "$dir") || return 1
  cluster_running "$dir" && return 0

  mkdir -p "$sockets" || return 1
  if [ "$(id -u)" = 0 ]; then chown postgres "$home" "$sockets" || return 1; fi
  if [ ! -O "$sockets" ] && [ "$(id -u)" != 0 ]; then
    echo "$sockets belongs to someone else" >&2
    return 1
  fi
  chmod 700 "$sockets" || return 1
  if [ ! -f "$home/data/PG_VERSION" ]; then
    pg_as_owner "$bin/initdb" -D "$home/data" -U kam --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
      --no-instructions > "$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; return 1; }
  fi

  local options="-c listen_addresses='' -c unix_socket_directories='$sockets'"
  for setting in "$@"; do options+=" -c $setting"; done
  # After a crash the old backends may hold the shared memory for a moment.
  for try in 1 2 3 4 5 6 7 8 9 10; do
    pg_as_owner "$bin/pg_ctl" start -w -t 60 -s -D "$home/data" -l "$home/server.log" -o "$options" \
      > /dev/null 2>&1 9>&- && return 0
    grep -q 'still in use' <(tail -n 5 "$home/server.log") || break
    sleep "0.$try"
  done
  echo "PostgreSQL did not start; the end of $home/server.log:" >&2
  tail -n 15 "$home/server.log" >&2
  return 1
}

stop_cluster() {
  local home bin
  home=$(pg_home "$1") && bin=$(pg_bin) || return 1
  cluster_running "$1" || return 0
  pg_as_owner "$bin/pg_ctl" stop -w -t 60 -s -D "$home/data" -m "${2:-fast}"
}

kill_cluster() {
  local pid
  pid=$(cluster_pid "$1") || return 1
  kill -9 "$pid"
  while process_alive "$pid"; do sleep 0.01; done
}

# Stops the cluster and removes all of it.
remove_cluster() {
  local home sockets
  home=$(pg_home "$1") && sockets=$(pg_socket_dir "$1") || return 1
  stop_cluster "$1" immediate
  rm -rf "$sockets" "$home" "$1"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  verb=${1:-}
  case "$verb" in
    start) start_cluster "${@:2}" ;;
    stop) stop_cluster "${@:2}" ;;
    kill) kill_cluster "$2" ;;
    remove) remove_cluster "$2" ;;
    url) cluster_url "${@:2}" ;;
    *) sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  esac
fi

# A throw-away PostgreSQL for the tests. Source it, then:
#   postgres_start   finds PostgreSQL or installs it (Debian, root), starts a new cluster on a free loopback port, sets and exports
#                    MITATE_TEST_DATABASE_URL; returns 1 and says why when that cannot be done
#   postgres_stop    ends it and deletes its files
# PostgreSQL refuses to run as root: then it runs as the user postgres or nobody.

postgres_dir=
postgres_user=

postgres_bin() {
  local dir
  for dir in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -rV) \
    "$(dirname "$(command -v initdb || echo /none/x)")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
      echo "$dir"
      return 0
    fi
  done
  return 1
}

postgres_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
}

# as the cluster's owner
postgres_as() {
  if [ -z "$postgres_user" ]; then
    "$@"
  elif command -v runuser >/dev/null; then
    (cd / && runuser -u "$postgres_user" -- "$@")
  else
    (cd / && su -s /bin/sh "$postgres_user" -c "$(printf '%q ' "$@")")
  fi
}

postgres_start() {
  local bin port
  if ! bin=$(postgres_bin); then
    postgres_install && bin=$(postgres_bin) || {
      echo "postgres: no PostgreSQL found, and none could be installed" >&2
      return 1
    }
  fi
  if [ "$(id -u)" = 0 ]; then
    postgres_user=postgres
    id postgres >/dev/null 2>&1 || postgres_user=nobody
  fi
  postgres_dir=$(mktemp -d "${TMPDIR:-/tmp}/mitate-postgres-XXXXXX")
  [ -z "$postgres_user" ] || chown "$postgres_user" "$postgres_dir"
  postgres_as "$bin/initdb" -D "$postgres_dir/data" -U mitate -A trust -E UTF8 --locale=C >/dev/null || return 1
  port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  postgres_as "$bin/pg_ctl" -D "$postgres_dir/data" -l "$postgres_dir/log" -w \
    -o "-h 127.0.0.1 -p $port -k $postgres_dir -F" start >/dev/null || {
    cat "$postgres_dir/log" >&2
    return 1
  }
  postgres_pg_ctl=$bin/pg_ctl
  export MITATE_TEST_DATABASE_URL="postgres://mitate@127.0.0.1:$port/postgres"
  echo "postgres: $("$bin/postgres" --version) at $MITATE_TEST_DATABASE_URL"
}

postgres_stop() {
  [ -n "$postgres_dir" ] || return 0
  postgres_as "$postgres_pg_ctl" -D "$postgres_dir/data" -m immediate stop >/dev/null 2>&1
  rm -rf "$postgres_dir"
  postgres_dir=
  unset MITATE_TEST_DATABASE_URL
}

#!/usr/bin/env bash
# Run tests, or any command, on PostgreSQL, started for them in a folder that is removed afterwards:
#     tests/with_postgres.sh tests/editorial -k locks
#     tests/with_postgres.sh python3 manage.py test
# Needs Debian's postgresql. PostgreSQL refuses root, so root lends it to nobody.
set -euo pipefail
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
D=$(mktemp -d)
PG=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$PG" ] || { echo "PostgreSQL is missing: apt-get install postgresql" >&2; exit 1; }
PG_PORT=$(free)
AS=(env HOME="$D")
if [ "$(id -u)" = 0 ]; then
  chown nobody:nogroup "$D"
  AS=(setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$D")
fi
stop() {
  (cd "$D" && "${AS[@]}" "$PG/pg_ctl" -D "$D/pg" -m immediate -s stop) || true
  rm -rf "$D"
}
trap stop EXIT
(
  cd "$D"
  "${AS[@]}" "$PG/initdb" -D "$D/pg" -U app -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
  # Nothing here outlives the command, so nothing need reach the disk. What is committed outlives a
  # killed process all the same: the benches count it.
  "${AS[@]}" tee -a "$D/pg/postgresql.conf" >/dev/null <<EOF
port = $PG_PORT
unix_socket_directories = '$D'
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
EOF
  "${AS[@]}" "$PG/pg_ctl" -D "$D/pg" -s -w -l "$D/pg.log" start
)
"$PG/createdb" -h 127.0.0.1 -p "$PG_PORT" -U app app
# For what must see the database stop and come back: $PG_CTL stop, $PG_CTL start
export PG_CTL="${AS[*]} $PG/pg_ctl -D $D/pg -s -w -l $D/pg.log"
# For what freezes it: postmaster.pid in this folder names the process.
export PG_DATA="$D/pg"
export DATABASE_URL="postgres://app@127.0.0.1:$PG_PORT/app"
case "$1" in
  tests*) "$(dirname "$0")/../.venv/bin/python" -m pytest "$@" ;;
  *) "$@" ;;
esac

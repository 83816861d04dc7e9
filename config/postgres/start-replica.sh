#!/bin/sh
# Starts a read replica: copies the primary the first time, then follows it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    echo "Copying the primary ..."
    rm -rf "${PGDATA:?}"
    install -d -o postgres -g postgres -m 700 "$PGDATA"
    PGPASSWORD="$REPLICATION_PASSWORD" gosu postgres pg_basebackup --host db --username replication \
        --pgdata "$PGDATA" --wal-method stream --write-recovery-conf --checkpoint fast
fi
exec docker-entrypoint.sh "$@"

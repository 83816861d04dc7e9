#!/bin/sh
# Runs once, when the database server's data folder is made: lets a read replica copy it.
set -eu
if [ -z "${REPLICATION_PASSWORD:-}" ]; then
    exit 0
fi
psql --username "$POSTGRES_USER" --dbname postgres --set password="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'password';
SQL
echo "host replication replication samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"

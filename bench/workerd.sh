#!/bin/sh
# Runs workerd with its log thrown away: otherwise the process that makes the load would have to read every line of it.
exec "$SOMA_BENCH_WORKERD" "$@" >/dev/null

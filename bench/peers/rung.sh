# Adapter for the gateway comparison harness: Rung as one more peer (PEER_DIR=bench/peers RUN.sh rung w1). Sourced by it.
# Everything is on: the ledger on disk, metrics, and traces by OTLP, sampled at 1 % as one would at these rates (RUNG_BENCH_SAMPLE=1 for
# every call). The collector is an nginx that takes everything and keeps nothing; it counts as part of the gateway.
rung_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd); export rung_root
peer_desc="Rung: route by tag, pools with failover, prices, ledger in SQLite, OTLP metrics and traces (sampled at ${RUNG_BENCH_SAMPLE:-0.01})"
peer_port=19070; peer_prewarm=${RUNG_BENCH_PREWARM:-20}; peer_paths="$rung_root/artifacts/rung"; peer_steps="./rung serve --policy FILE (1)"
peer_can() { :; }
peer_checks() { :; }
peer_prepare() {
  "$rung_root/rung" version >/dev/null || return 1
  cat > "$RUN_DIR/policy.yaml" <<C
version: 1
tiers: { small: { models: [first, second] } }
models:
  first: { provider: openai-compatible, url: "$UP1/v1", id: gpt-4o-mini, price: { input: 0.15, output: 0.60, cached_input: 0.075 }, priority: 1 }
  second: { provider: openai-compatible, url: "$UP2/v1", id: gpt-4o-mini, price: { input: 0.15, output: 0.60, cached_input: 0.075 }, priority: 2 }
tags:
  yard: { tier: small, owner: bench, why: "What the comparison sends."$(peer_checks) }
default: { tier: small, owner: bench, why: "One tier." }
C
  cat > "$RUN_DIR/collector.conf" <<C
daemon off; worker_processes 1; pid $RUN_DIR/collector.pid; error_log $RUN_DIR/collector.log crit;
events { worker_connections 64; }
http { access_log off; client_max_body_size 64m; client_body_temp_path $RUN_DIR/cb; proxy_temp_path $RUN_DIR/cp; fastcgi_temp_path $RUN_DIR/cf; uwsgi_temp_path $RUN_DIR/cu; scgi_temp_path $RUN_DIR/cs;
  server { listen 127.0.0.1:19078; location / { return 200; } } }
C
}
peer_headers() { printf 'Content-Type: application/json\nx-rung-tag: yard\n'; }
peer_cmd() {
  nginx -c "$RUN_DIR/collector.conf" -p "$RUN_DIR" -e "$RUN_DIR/collector0.log" &
  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:19078 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
  export OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=${RUNG_BENCH_SAMPLE:-0.01}
  exec dotnet "$rung_root/artifacts/rung/rung.dll" serve --policy "$RUN_DIR/policy.yaml" --data "$RUN_DIR/data" --urls http://127.0.0.1:19070
}

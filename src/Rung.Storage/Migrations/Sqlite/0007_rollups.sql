-- 0007_rollups.sql: sums of calls by minute, hour and day, so that a page reads a year in the time of a blink.
-- What is appended waits in rollup_pending and rollup_pending_verdict; a step of the roller takes it from there and adds it to the sums in one transaction.
-- A row of rollup_pending is what was appended together: ids, one a line. No row per call, and no index on it: writing a call stays as cheap as it was.
CREATE TABLE rollup_pending (
    seq   INTEGER NOT NULL PRIMARY KEY,
    calls INTEGER NOT NULL, -- how many ids
    ids   BLOB    NOT NULL
);
CREATE INDEX rollup_pending_calls ON rollup_pending (calls); -- counts what waits without reading the ids

CREATE TABLE rollup_pending_verdict (
    id TEXT NOT NULL PRIMARY KEY -- of quality_verdict
) WITHOUT ROWID;

CREATE TABLE rollup_state (
    id           INTEGER NOT NULL PRIMARY KEY CHECK (id = 0),
    before_id    TEXT    NULL,    -- calls of a lesser id are in no sum yet, and in no row of rollup_pending: the ledger is older than its sums. NULL: none are
    minutes_from INTEGER NOT NULL -- the sums of minutes are kept from this minute on
);
INSERT INTO rollup_state SELECT 0, max(id) || '~', 0 FROM call;

-- Times (at): minutes since 1970-01-01 UTC. grain: 1 minute, 2 hour, 3 day.
CREATE TABLE rollup_key (
    id    INTEGER NOT NULL PRIMARY KEY,
    tag   TEXT NULL,
    role  TEXT NULL,
    route TEXT NULL,
    tier  TEXT NULL, -- of a call, that of its answer; NULL when there was none
    model TEXT NULL
);

CREATE TABLE rollup_spend (
    grain INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    key   INTEGER NOT NULL,
    answered INTEGER NOT NULL, unverified INTEGER NOT NULL, failed INTEGER NOT NULL, rejected INTEGER NOT NULL, client_gone INTEGER NOT NULL, cut_short INTEGER NOT NULL,
    escalated INTEGER NOT NULL, failed_over INTEGER NOT NULL, unknown_price_calls INTEGER NOT NULL, call_cost_nano_usd INTEGER NOT NULL,
    baseline_calls INTEGER NOT NULL, baseline_nano_usd INTEGER NOT NULL, saving_calls INTEGER NOT NULL, saving_baseline_nano_usd INTEGER NOT NULL, saving_cost_nano_usd INTEGER NOT NULL,
    attempts INTEGER NOT NULL, escalations INTEGER NOT NULL, attempt_errors INTEGER NOT NULL, tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL, tokens_out INTEGER NOT NULL,
    cost_nano_usd INTEGER NOT NULL, unknown_price_attempts INTEGER NOT NULL, doomed INTEGER NOT NULL, doomed_measured INTEGER NOT NULL, saved_tokens INTEGER NOT NULL, saved_us INTEGER NOT NULL,
    PRIMARY KEY (grain, at, key)
) WITHOUT ROWID;

CREATE TABLE rollup_model_name (
    id    INTEGER NOT NULL PRIMARY KEY,
    tier  TEXT NOT NULL,
    model TEXT NOT NULL
);

CREATE TABLE rollup_model (
    grain INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    model INTEGER NOT NULL, -- of rollup_model_name
    completed INTEGER NOT NULL, check_failed INTEGER NOT NULL, unreachable INTEGER NOT NULL, timed_out INTEGER NOT NULL, rate_limited INTEGER NOT NULL, upstream_error INTEGER NOT NULL,
    request_rejected INTEGER NOT NULL, malformed INTEGER NOT NULL, cut_short INTEGER NOT NULL, client_gone INTEGER NOT NULL, doomed INTEGER NOT NULL,
    latency    BLOB NOT NULL, -- sketches: bins and counts
    first_byte BLOB NOT NULL,
    PRIMARY KEY (grain, at, model)
) WITHOUT ROWID;

CREATE TABLE rollup_tag_name (
    id  INTEGER NOT NULL PRIMARY KEY,
    tag TEXT NULL
);

CREATE TABLE rollup_tag (
    grain INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    tag   INTEGER NOT NULL, -- of rollup_tag_name
    sums  BLOB    NOT NULL,
    PRIMARY KEY (grain, at, tag)
) WITHOUT ROWID;

-- Apart from rollup_tag: a long series is read without them.
CREATE TABLE rollup_tag_times (
    grain INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    tag   INTEGER NOT NULL,
    latency    BLOB NOT NULL,
    first_byte BLOB NOT NULL,
    PRIMARY KEY (grain, at, tag)
) WITHOUT ROWID;

-- What a session came to so far: it is one unit in the sums, which hold squares, so that it is taken out and put in again when it grows.
CREATE TABLE rollup_unit (
    session     TEXT    NOT NULL,
    tag         INTEGER NOT NULL, -- of rollup_tag_name
    first_at_us INTEGER NOT NULL,
    last_at_us  INTEGER NOT NULL,
    calls       INTEGER NOT NULL,
    forgotten   INTEGER NOT NULL DEFAULT 0, -- calls of it whose session was taken out; with the last one the row goes
    sums        BLOB    NOT NULL,
    PRIMARY KEY (session, tag)
) WITHOUT ROWID;

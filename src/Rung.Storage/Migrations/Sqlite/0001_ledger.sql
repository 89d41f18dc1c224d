-- 0001_ledger.sql: calls, attempts, verdicts and policy revisions.
-- Units are in the names: _us microseconds (instants: since 1970-01-01 UTC), _nano_usd billionths of a US dollar.
-- Codes (status, kind, outcome, …) are the numbers of the enums in Rung.Core; docs/ledger.md lists them.
-- Ids are time-ordered, so a row lands at the end of its tree: WITHOUT ROWID keeps one tree per table and no second index.
-- attempt and verdict declare no foreign key: they are only ever written in the transaction of their call, and the look-up of
-- the parent would be paid on every row.

CREATE TABLE call (
    id                     TEXT    NOT NULL PRIMARY KEY,
    started_at_us          INTEGER NOT NULL,
    tag                    TEXT    NULL,
    tag_source             INTEGER NOT NULL,
    role                   TEXT    NULL,
    session                TEXT    NULL,
    user                   TEXT    NULL,
    route                  TEXT    NOT NULL,
    arm                    TEXT    NULL,
    policy_revision        INTEGER NOT NULL,
    policy_hash            TEXT    NOT NULL,
    streamed               INTEGER NOT NULL,
    status                 INTEGER NOT NULL,
    http_status            INTEGER NOT NULL,
    latency_us             INTEGER NOT NULL,
    first_byte_us          INTEGER NULL,
    tier                   TEXT    NULL,
    model                  TEXT    NULL,
    cost_nano_usd          INTEGER NOT NULL,
    unknown_price_attempts INTEGER NOT NULL,
    baseline_nano_usd      INTEGER NULL,
    baseline_model         TEXT    NULL,
    reason                 TEXT    NULL
) WITHOUT ROWID;

CREATE TABLE attempt (
    call_id                TEXT    NOT NULL,
    ordinal                INTEGER NOT NULL,
    kind                   INTEGER NOT NULL,
    model                  TEXT    NOT NULL,
    provider               TEXT    NOT NULL,
    tier                   TEXT    NOT NULL,
    propensity             REAL    NOT NULL,
    started_at_us          INTEGER NOT NULL,
    outcome                INTEGER NOT NULL,
    http_status            INTEGER NOT NULL,
    latency_us             INTEGER NOT NULL,
    first_byte_us          INTEGER NULL,
    input_tokens           INTEGER NOT NULL,
    cache_read_tokens      INTEGER NOT NULL,
    cache_write_tokens     INTEGER NOT NULL,
    cache_write_long_tokens INTEGER NOT NULL,
    audio_input_tokens     INTEGER NOT NULL,
    output_tokens          INTEGER NOT NULL,
    reasoning_tokens       INTEGER NOT NULL,
    audio_output_tokens    INTEGER NOT NULL,
    usage_source           INTEGER NOT NULL,
    service_tier           INTEGER NOT NULL,
    reported_cost_nano_usd INTEGER NULL,
    cost_nano_usd          INTEGER NULL, -- NULL: the price is unknown. Never 0 for that.
    upstream_model         TEXT    NULL,
    finish_reason          TEXT    NULL,
    error                  TEXT    NULL,
    PRIMARY KEY (call_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE verdict (
    call_id   TEXT    NOT NULL,
    attempt   INTEGER NOT NULL, -- ordinal of the attempt it judges
    kind      TEXT    NOT NULL, -- 'check'
    position  INTEGER NOT NULL, -- order among the verdicts of that attempt and kind, from 0
    score     REAL    NOT NULL, -- 0 (bad) to 1 (good); a check gives 0 or 1
    judged_by TEXT    NOT NULL, -- name of the check
    weight    REAL    NOT NULL,
    detail    TEXT    NULL,
    PRIMARY KEY (call_id, attempt, kind, position)
) WITHOUT ROWID;

CREATE TABLE revision (
    number          INTEGER NOT NULL PRIMARY KEY,
    hash            TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    author          TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    published_at_us INTEGER NOT NULL
);

CREATE TABLE revision_file (
    revision INTEGER NOT NULL REFERENCES revision (number),
    name     TEXT    NOT NULL,
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (revision, name)
) WITHOUT ROWID;

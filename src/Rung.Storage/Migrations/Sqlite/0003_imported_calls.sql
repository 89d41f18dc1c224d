-- 0003_imported_calls.sql: calls that other systems made, as their logs and traces tell them.
-- They stand apart from call: this gateway did not serve them, so they have no policy, no route and no attempts, and no total may mix the two.
-- The id begins with the millisecond of the start and ends in a hash of source and key: the same call imported again has the same id, and rows of
-- a log, which is in order of time, land at the end of the tree.
-- NULL means that the log does not say. Codes are listed in docs/ledger.md. No content is kept: hashes, lengths and kinds only.

CREATE TABLE imported_call (
    id                      TEXT    NOT NULL PRIMARY KEY,
    source                  TEXT    NOT NULL, -- format of the log: otlp, litellm, …
    key                     TEXT    NOT NULL, -- natural id within the source
    started_at_us           INTEGER NOT NULL,
    granularity             INTEGER NOT NULL, -- 1 call, 2 sum of calls
    requests                INTEGER NOT NULL, -- 1 for a call
    provider                TEXT    NOT NULL,
    model                   TEXT    NOT NULL,
    input_tokens            INTEGER NOT NULL,
    cache_read_tokens       INTEGER NOT NULL,
    cache_write_tokens      INTEGER NOT NULL,
    cache_write_long_tokens INTEGER NOT NULL,
    audio_input_tokens      INTEGER NOT NULL,
    output_tokens           INTEGER NOT NULL,
    reasoning_tokens        INTEGER NOT NULL,
    audio_output_tokens     INTEGER NOT NULL,
    usage_source            INTEGER NOT NULL,
    service_tier            INTEGER NOT NULL,
    reported_cost_nano_usd  INTEGER NULL, -- what the log says
    provider_cost_nano_usd  INTEGER NULL, -- what the provider itself says, as the log quotes it
    cost_nano_usd           INTEGER NULL, -- by the price book when it was imported. NULL: the price is unknown. Never 0 for that.
    price_permille          INTEGER NOT NULL,
    latency_us              INTEGER NULL,
    first_byte_us           INTEGER NULL,
    status                  INTEGER NOT NULL,
    error                   TEXT    NULL,
    finish_reason           TEXT    NULL,
    tag                     TEXT    NULL,
    tag_source              INTEGER NOT NULL,
    site_tag                TEXT    NULL, -- tag of the call site that the importing audit put it into
    role                    TEXT    NULL,
    agent                   TEXT    NULL,
    step                    TEXT    NULL,
    session                 TEXT    NULL,
    user                    TEXT    NULL,
    team                    TEXT    NULL,
    run                     TEXT    NULL,
    run_position            INTEGER NULL,
    ends_run                INTEGER NULL,
    followed_by             TEXT    NULL,
    temperature             REAL    NULL,
    max_tokens              INTEGER NULL,
    requested_output        INTEGER NULL,
    effort                  TEXT    NULL,
    tools                   INTEGER NULL, -- imported_tools.id
    tool_calls              TEXT    NULL, -- JSON array of names
    simulated               INTEGER NOT NULL,
    template                BLOB    NULL, -- hashes, 8 bytes each, little-endian
    system_pieces           INTEGER NOT NULL,
    tool_set                INTEGER NULL, -- hashes are shown as signed numbers
    schema                  INTEGER NULL,
    system_chars            INTEGER NULL,
    message_chars           INTEGER NULL,
    messages                INTEGER NULL,
    output_shape            INTEGER NOT NULL,
    output_key              INTEGER NULL,
    output_chars            INTEGER NULL,
    prompt                  INTEGER NULL,
    data_signs              INTEGER NOT NULL,
    verdicts                INTEGER NOT NULL  -- rows of imported_verdict
) WITHOUT ROWID;

CREATE TABLE imported_verdict (
    call_id   TEXT    NOT NULL,
    position  INTEGER NOT NULL, -- order in the log, from 0
    name      TEXT    NOT NULL, -- what was judged, as the log names it
    score     REAL    NOT NULL, -- 0 (bad) to 1 (good)
    by_person INTEGER NOT NULL,
    PRIMARY KEY (call_id, position)
) WITHOUT ROWID;

-- An agent declares the same dozens of tools with every call: a list of names is kept once.
CREATE TABLE imported_tools (
    id    INTEGER NOT NULL PRIMARY KEY,
    names TEXT    NOT NULL UNIQUE -- JSON array
);

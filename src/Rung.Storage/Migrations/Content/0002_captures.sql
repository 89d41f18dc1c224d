-- 0002_captures.sql: content of calls, as far as a policy says that it is kept, already redacted; and what was deleted on request.
-- The BLOB stands last: a list of calls reads the columns before it and never its pages.

CREATE TABLE captured_call (
    id              TEXT    NOT NULL PRIMARY KEY, -- the call in the ledger
    started_at_us   INTEGER NOT NULL,
    expires_at_us   INTEGER NOT NULL, -- from then on it is given to nobody, and deleted soon
    tag             TEXT    NULL,
    route           TEXT    NOT NULL,
    session         TEXT    NULL,
    user            TEXT    NULL,
    data_class      TEXT    NULL,
    sampled_at      REAL    NOT NULL, -- probability, above 0
    policy_revision INTEGER NOT NULL,
    redactions      INTEGER NOT NULL,
    answers         INTEGER NOT NULL, -- rows of captured_answer
    content_bytes   INTEGER NOT NULL, -- request and answers before they were sealed
    sealed_request  BLOB    NOT NULL
);

CREATE INDEX captured_call_by_expiry ON captured_call (expires_at_us);

CREATE TABLE captured_answer (
    call_id        TEXT    NOT NULL,
    ordinal        INTEGER NOT NULL,
    model          TEXT    NOT NULL,
    tier           TEXT    NOT NULL,
    served         INTEGER NOT NULL,
    passed         INTEGER NOT NULL,
    score          REAL    NULL,
    finish_reason  TEXT    NULL,
    sealed_message BLOB    NOT NULL,
    PRIMARY KEY (call_id, ordinal)
);

-- One row per deletion on request: when, why, how much. Never who.
CREATE TABLE forgetting (
    id           INTEGER NOT NULL PRIMARY KEY,
    at_us        INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    captures     INTEGER NOT NULL,
    eval_rows    INTEGER NOT NULL,
    run_answers  INTEGER NOT NULL,
    reviews      INTEGER NOT NULL,
    comments     INTEGER NOT NULL
);

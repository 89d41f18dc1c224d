-- 0003_eval_sets.sql: versions of eval sets, their rows, and what a build that is not finished has paid for.
-- Rows are never changed. A row can be removed (deletion of a call, a session, a user); the version keeps its hash and gets a note.

CREATE TABLE eval_set (
    number         INTEGER NOT NULL PRIMARY KEY, -- of this store only
    name           TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    hash           TEXT    NOT NULL, -- SHA-256 over the rows as made, hexadecimal
    tag            TEXT,
    made_at_us     INTEGER NOT NULL,
    made_by        TEXT    NOT NULL,
    seed           INTEGER NOT NULL,
    sealed_profile BLOB,             -- what the inputs look like: JSON; NULL: not worked out
    rows           INTEGER NOT NULL, -- as made
    removed        INTEGER NOT NULL,
    simulated      INTEGER NOT NULL, -- 0 or 1
    UNIQUE (name, version)
);

CREATE TABLE eval_row (
    set_number              INTEGER NOT NULL REFERENCES eval_set (number) ON DELETE CASCADE,
    position                INTEGER NOT NULL,
    id                      TEXT    NOT NULL,
    part                    INTEGER NOT NULL, -- 1 tune, 2 test
    sealed_request          BLOB    NOT NULL,
    sealed_reference        BLOB,             -- NULL: there is none
    reference_source        INTEGER NOT NULL, -- 0 none, 1 model, 2 person, 3 given
    reference_by            TEXT,
    reference_cost_nano_usd INTEGER,          -- NULL: unknown, or nothing was asked
    origin                  TEXT    NOT NULL,
    call_id                 TEXT,
    called_at_us            INTEGER,
    session                 TEXT,
    end_user                TEXT,
    data_class              TEXT,
    stratum                 TEXT,
    weight                  REAL    NOT NULL,
    row_group               TEXT,
    PRIMARY KEY (set_number, position),
    UNIQUE (set_number, id)
) WITHOUT ROWID;

CREATE INDEX eval_row_by_call ON eval_row (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX eval_row_by_session ON eval_row (session) WHERE session IS NOT NULL;
CREATE INDEX eval_row_by_user ON eval_row (end_user) WHERE end_user IS NOT NULL;

CREATE TABLE eval_set_note (
    set_number INTEGER NOT NULL REFERENCES eval_set (number) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    text       TEXT    NOT NULL, -- when, how many, why; never who
    PRIMARY KEY (set_number, ordinal)
) WITHOUT ROWID;

CREATE TABLE eval_draft (
    key         TEXT    NOT NULL PRIMARY KEY, -- hash of the name and of everything that decides the rows
    name        TEXT    NOT NULL,
    tag         TEXT,
    begun_at_us INTEGER NOT NULL              -- a build that goes on reads the calls up to here, so that it samples the same rows
) WITHOUT ROWID;

CREATE TABLE eval_draft_answer (
    draft_key      TEXT    NOT NULL REFERENCES eval_draft (key) ON DELETE CASCADE,
    row_id         TEXT    NOT NULL,
    answered       INTEGER NOT NULL, -- 1: a whole answer; 0: a question that failed and cost something
    sealed_message BLOB,
    model          TEXT,
    cost_nano_usd  INTEGER NOT NULL, -- of every question about this row
    unknown_prices INTEGER NOT NULL, -- attempts whose price is unknown
    call_id        TEXT,             -- of the captured call, not of the question
    called_at_us   INTEGER,
    session        TEXT,
    end_user       TEXT,
    PRIMARY KEY (draft_key, row_id)
) WITHOUT ROWID;

-- 0004_eval_runs.sql: runs of evals, one answer and one grade for each row and candidate, and what was under way when a run was killed.
-- Answers and grades are written once; a run that goes on asks nothing that is here.

CREATE TABLE eval_run (
    id          TEXT    NOT NULL PRIMARY KEY, -- 'r-' and 12 hexadecimal digits of what is run, then '-2', '-3' for runs begun afresh
    set_name    TEXT    NOT NULL,
    set_version INTEGER NOT NULL,
    set_hash    TEXT    NOT NULL,
    tag         TEXT    NOT NULL,
    part        INTEGER NOT NULL,             -- 0 all, 1 tune, 2 test
    seed        INTEGER NOT NULL,
    plan        TEXT    NOT NULL,             -- JSON: candidates, terms, how it was asked for
    begun_at_us INTEGER NOT NULL,
    ended_at_us INTEGER                       -- NULL: not at its end yet
) WITHOUT ROWID;

CREATE TABLE eval_answer (
    run               TEXT    NOT NULL REFERENCES eval_run (id) ON DELETE CASCADE,
    candidate         TEXT    NOT NULL,
    row_id            TEXT    NOT NULL,
    status            INTEGER NOT NULL, -- 1 answered, 2 failed, 3 forbidden, 4 does not fit
    call_id           TEXT,             -- of the question, in the ledger
    answered_at_us    INTEGER NOT NULL,
    latency_us        INTEGER NOT NULL,
    cost_nano_usd     INTEGER NOT NULL, -- known cost of every attempt
    unknown_prices    INTEGER NOT NULL,
    baseline_nano_usd INTEGER,
    input_tokens      INTEGER NOT NULL,
    output_tokens     INTEGER NOT NULL,
    attempts          INTEGER NOT NULL,
    upstream_model    TEXT,
    finish_reason     TEXT,
    why               TEXT,
    sealed_message    BLOB,
    row_call_id       TEXT,             -- of the captured call that the row is, so that the answer goes when that is forgotten
    row_called_at_us  INTEGER,
    row_session       TEXT,
    row_user          TEXT,
    PRIMARY KEY (run, candidate, row_id)
) WITHOUT ROWID;

CREATE TABLE eval_grade (
    run             TEXT    NOT NULL,
    candidate       TEXT    NOT NULL,
    row_id          TEXT    NOT NULL,
    score           REAL,             -- NULL: it could not be graded
    reference_score REAL,             -- NULL: the reference is right by definition
    kind            TEXT,
    cost_nano_usd   INTEGER NOT NULL, -- of the judge
    unknown_prices  INTEGER NOT NULL,
    sealed_reason   BLOB,
    sealed_verdicts BLOB,             -- JSON: what each question to a judge said
    PRIMARY KEY (run, candidate, row_id),
    FOREIGN KEY (run, candidate, row_id) REFERENCES eval_answer (run, candidate, row_id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Written before a question is sent, deleted with its answer. What is left when a run goes on was cut off: it may have been paid without an answer.
CREATE TABLE eval_flight (
    run           TEXT    NOT NULL REFERENCES eval_run (id) ON DELETE CASCADE,
    candidate     TEXT    NOT NULL,
    row_id        TEXT    NOT NULL,
    stage         INTEGER NOT NULL, -- 1 answer, 2 grade
    call_id       TEXT    NOT NULL, -- of the question; of a grade, made up
    begun_at_us   INTEGER NOT NULL,
    lost          INTEGER NOT NULL, -- 0 under way, 1 cut off
    cost_nano_usd INTEGER,          -- of a question that was cut off, where the ledger knows it
    PRIMARY KEY (run, candidate, row_id, stage, call_id)
) WITHOUT ROWID;

CREATE INDEX eval_answer_by_call ON eval_answer (row_call_id) WHERE row_call_id IS NOT NULL;
CREATE INDEX eval_answer_by_session ON eval_answer (row_session) WHERE row_session IS NOT NULL;
CREATE INDEX eval_answer_by_user ON eval_answer (row_user) WHERE row_user IS NOT NULL;

-- 0006_reviews.sql: spot checks by people. What is shown is read from the capture or the eval row when it is shown: no second copy of content lies here.

CREATE TABLE review_plan (
    id            INTEGER NOT NULL PRIMARY KEY,
    tag           TEXT    NOT NULL,
    scope         TEXT    NOT NULL, -- '2026-W48', 'set intent@2', 'run 0198…'
    seed          INTEGER NOT NULL,
    quota         INTEGER NOT NULL, -- items that the design aims at
    frame         INTEGER NOT NULL, -- what there was to draw from at the newest planning
    made_at_us    INTEGER NOT NULL,
    planned_at_us INTEGER NOT NULL, -- the newest planning
    UNIQUE (tag, scope)
);

CREATE TABLE review_item (
    id                  TEXT    NOT NULL PRIMARY KEY,
    plan_id             INTEGER NOT NULL REFERENCES review_plan (id),
    source              INTEGER NOT NULL, -- 1 call, 2 row of a set, 3 answer of a run beside its reference
    tag                 TEXT    NOT NULL,
    call_id             TEXT,
    session             TEXT,
    user                TEXT,
    started_at_us       INTEGER,
    expires_at_us       INTEGER,
    set_name            TEXT,
    set_version         INTEGER,
    row_id              TEXT,
    run                 TEXT,
    candidate           TEXT,
    part                INTEGER NOT NULL, -- 1 uniform, 2 targeted
    why                 TEXT,             -- of the targeted part: in words, without content
    uniform_inclusion   REAL    NOT NULL, -- probability of the uniform part
    targeted_inclusion  REAL    NOT NULL, -- probability of the targeted part
    captured_at         REAL    NOT NULL, -- probability with which its content was kept at all
    reviewers           INTEGER NOT NULL, -- how many are wanted
    flipped             INTEGER NOT NULL, -- 1: the served answer, or the candidate, stands on the right
    shuffle             INTEGER NOT NULL, -- random order within the plan
    verdicts            INTEGER NOT NULL DEFAULT 0, -- verdicts in force
    leased_by           TEXT,
    leased_until_us     INTEGER,
    withdrawn           INTEGER NOT NULL DEFAULT 0  -- 1: its content is gone
) WITHOUT ROWID;

CREATE INDEX review_item_open ON review_item (plan_id, shuffle) WHERE verdicts < reviewers AND withdrawn = 0;
CREATE INDEX review_item_by_call ON review_item (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE review_verdict (
    item           TEXT    NOT NULL REFERENCES review_item (id),
    reviewer       TEXT    NOT NULL,
    revision       INTEGER NOT NULL, -- from 1; the newest that was not replaced is in force
    choice         INTEGER NOT NULL,
    good           INTEGER,          -- of a pair: 0 neither, 1 the better one, 2 both
    rating         INTEGER,          -- 1 to 5
    score          REAL,             -- of the served answer or the candidate, 0 to 1; NULL: unsure, skipped, or not to be told
    preference     REAL,             -- 1 it is the better one, 0.5 a tie, 0 the worse one; NULL: no pair
    given_at_us    INTEGER NOT NULL,
    replaced_at_us INTEGER,          -- by a later one, or taken back
    booked_at_us   INTEGER,          -- when it went to the ledger as a verdict
    sealed_comment BLOB,
    PRIMARY KEY (item, reviewer, revision)
) WITHOUT ROWID;

CREATE INDEX review_verdict_unbooked ON review_verdict (item) WHERE booked_at_us IS NULL AND replaced_at_us IS NULL;

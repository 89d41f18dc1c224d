-- 0005_judging.sql: what is known of judges: items with known answers, how a judge scored them over time, and what people said of what it judged.

CREATE TABLE judge_anchor (
    tag         TEXT    NOT NULL, -- the job whose judge is tested
    id          TEXT    NOT NULL, -- 'a-' and 16 hexadecimal digits of its content
    added_at_us INTEGER NOT NULL,
    sealed_item BLOB    NOT NULL, -- JSON: request, answers, what is known
    PRIMARY KEY (tag, id)
) WITHOUT ROWID;

CREATE TABLE judge_anchor_run (
    id             INTEGER NOT NULL PRIMARY KEY,
    tag            TEXT    NOT NULL,
    judge_tag      TEXT    NOT NULL,
    at_us          INTEGER NOT NULL,
    model          TEXT    NOT NULL, -- the policy's name of the judge's model
    version        TEXT,             -- as its upstream reported it; NULL: it reported none
    terms          TEXT    NOT NULL, -- hash of the way of judging and the rubric: other terms are another measure
    cost_nano_usd  INTEGER NOT NULL,
    unknown_prices INTEGER NOT NULL
);

CREATE INDEX judge_anchor_run_by_tag ON judge_anchor_run (tag, id);

CREATE TABLE judge_anchor_score (
    run       INTEGER NOT NULL REFERENCES judge_anchor_run (id) ON DELETE CASCADE,
    anchor    TEXT    NOT NULL,
    score     REAL,             -- 0 to 1; NULL: no verdict of the asked form came
    is_right  INTEGER,          -- 0 or 1; NULL as above
    questions INTEGER NOT NULL,
    PRIMARY KEY (run, anchor)
) WITHOUT ROWID;

-- A judge and a person on the same answer. Scores alone, so that agreement outlives the content it was about.
CREATE TABLE judge_agreement (
    tag         TEXT    NOT NULL,
    run         TEXT    NOT NULL,
    row_id      TEXT    NOT NULL,
    candidate   TEXT    NOT NULL,
    model       TEXT    NOT NULL, -- the judge's
    reviewer    TEXT    NOT NULL, -- who, or 'labels' for a file that does not say
    scale       INTEGER NOT NULL, -- 1 grade, 2 preference
    judge_score REAL    NOT NULL,
    human_score REAL    NOT NULL,
    weight      REAL    NOT NULL, -- inverse of the chance with which people were shown it, up to a factor
    at_us       INTEGER NOT NULL,
    row_call_id TEXT,             -- of the captured call that the row is, so that it goes when that is forgotten
    row_session TEXT,
    row_user    TEXT,
    PRIMARY KEY (tag, run, row_id, candidate, model, reviewer)
) WITHOUT ROWID;

CREATE INDEX judge_agreement_by_call ON judge_agreement (row_call_id) WHERE row_call_id IS NOT NULL;
CREATE INDEX judge_agreement_by_session ON judge_agreement (row_session) WHERE row_session IS NOT NULL;
CREATE INDEX judge_agreement_by_user ON judge_agreement (row_user) WHERE row_user IS NOT NULL;

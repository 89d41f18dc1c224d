-- 0005_rollouts.sql: how a revision came about, rollouts with all that happened to them, and what the control loop did and may do.
-- Older revisions were made by people: origin 0. Codes are listed in docs/ledger.md.
ALTER TABLE revision ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revision ADD COLUMN file_hash TEXT NULL; -- automatic revisions: hash of what the policy file held when it was made

-- Finds a candidate that is stored already; those are few.
CREATE INDEX revision_candidate ON revision (hash) WHERE origin = 2;

CREATE TABLE rollout (
    id        INTEGER NOT NULL PRIMARY KEY,
    candidate INTEGER NOT NULL REFERENCES revision (number),
    base      INTEGER NOT NULL REFERENCES revision (number),
    holdback  INTEGER NOT NULL, -- of the plan: hundredths of a percent; a completed rollout with one is still open
    plan      TEXT    NOT NULL  -- JSON
);

-- Rows are only ever added. Two processes that act at once write the same ordinal: the second is refused.
CREATE TABLE rollout_event (
    rollout INTEGER NOT NULL REFERENCES rollout (id),
    ordinal INTEGER NOT NULL,
    at_us   INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    stage   INTEGER NOT NULL, -- place in the plan's stages from then on; -1 in the shadow and after a rollback
    by_whom TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    numbers TEXT    NULL,     -- JSON of the verdict that it was decided on; NULL for a person's act
    PRIMARY KEY (rollout, ordinal)
) WITHOUT ROWID;

-- What the guards said, once a minute; of every hour the last one is kept.
CREATE TABLE rollout_reading (
    rollout INTEGER NOT NULL REFERENCES rollout (id),
    hour    INTEGER NOT NULL, -- hours since 1970-01-01 UTC
    at_us   INTEGER NOT NULL,
    stage   INTEGER NOT NULL,
    verdict TEXT    NOT NULL, -- JSON
    PRIMARY KEY (rollout, hour)
) WITHOUT ROWID;

-- What the control loop did, or would have done, to the route of a tag.
CREATE TABLE control_action (
    id        INTEGER NOT NULL PRIMARY KEY,
    at_us     INTEGER NOT NULL,
    kind      INTEGER NOT NULL, -- 1 demoted, 2 proposed
    tag       TEXT    NOT NULL,
    from_tier TEXT    NOT NULL,
    to_tier   TEXT    NOT NULL,
    revision  INTEGER NULL REFERENCES revision (number), -- the automatic revision; NULL for a proposal
    why       TEXT    NOT NULL
);

-- The switch that stops the control loop from acting. The newest row counts; all are kept.
CREATE TABLE control_freeze (
    id       INTEGER NOT NULL PRIMARY KEY,
    at_us    INTEGER NOT NULL,
    frozen   INTEGER NOT NULL, -- 1 frozen, 0 let go
    until_us INTEGER NULL,     -- NULL: until somebody lets go
    by_whom  TEXT    NOT NULL,
    why      TEXT    NOT NULL
);

-- Which process may act, so that of several on one ledger one does.
CREATE TABLE lease (
    name     TEXT    NOT NULL PRIMARY KEY,
    holder   TEXT    NOT NULL,
    until_us INTEGER NOT NULL
) WITHOUT ROWID;

-- 0006_alerts.sql: what the control loop found worth saying, what became of it, and what need not be said for a while.
-- Numbers and names only. Kinds are stored by number (docs/ledger.md); texts are those that people were told.

-- One row a key: the alert as it stands, or as it ended last.
CREATE TABLE alert (
    key           TEXT    NOT NULL PRIMARY KEY, -- what makes two alerts the same one: floor:classify-intent
    kind          INTEGER NOT NULL,
    severity      INTEGER NOT NULL,
    tag           TEXT    NULL,
    summary       TEXT    NOT NULL,
    cause         TEXT    NULL,
    next          TEXT    NULL,     -- the next command
    since_us      INTEGER NOT NULL, -- since when its condition holds, by its own word
    for_us        INTEGER NOT NULL, -- how long it must be seen before it fires
    state         INTEGER NOT NULL,
    pending_at_us INTEGER NOT NULL, -- first seen
    firing_at_us  INTEGER NULL,
    ended_at_us   INTEGER NULL,
    seen_at_us    INTEGER NOT NULL, -- last seen, when the row was last written
    told_at_us    INTEGER NULL      -- when somebody was last told
) WITHOUT ROWID;

CREATE INDEX alert_open ON alert (state) WHERE state < 2;

-- Append-only: every change of every alert, in order.
CREATE TABLE alert_event (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key      TEXT    NOT NULL,
    at_us    INTEGER NOT NULL,
    change   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    tag      TEXT    NULL,
    summary  TEXT    NOT NULL,
    told     INTEGER NOT NULL -- 1: it was handed to the targets
);

CREATE INDEX alert_event_by_key ON alert_event (key, id);

-- A person's word that some alerts need not be told. Every condition that is stated must hold. Ended early, never deleted.
CREATE TABLE silence (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NULL,
    tag         TEXT    NULL,
    kind        INTEGER NULL,
    from_us     INTEGER NOT NULL,
    until_us    INTEGER NOT NULL,
    who         TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    ended_at_us INTEGER NULL,
    ended_by    TEXT    NULL,
    CHECK (key IS NOT NULL OR tag IS NOT NULL OR kind IS NOT NULL),
    CHECK (until_us > from_us)
);

CREATE INDEX silence_by_until ON silence (until_us);

-- 0004_verdicts.sql: quality signals that come after the answer: of judges, people, users, products and other systems.
-- They stand apart from verdict, which holds the checks of an attempt and is written with its call. A signal may come months later, or before its
-- call has been written, so nothing here refers to call by a foreign key; tag and model are filled in from the call when they are read.
-- Numbers only: comments and texts are content, and live in content.db.
CREATE TABLE quality_verdict (
    id          TEXT    NOT NULL PRIMARY KEY, -- the same id again changes nothing
    given_at_us INTEGER NOT NULL,
    call_id     TEXT    NULL,     -- of call or of imported_call; NULL: about the session
    session     TEXT    NULL,
    tag         TEXT    NULL,     -- as the sender knew it; NULL: that of the call
    model       TEXT    NULL,     -- likewise
    kind        INTEGER NOT NULL, -- codes: docs/ledger.md
    name        TEXT    NULL,     -- what was judged
    score       REAL    NOT NULL, -- 0 (bad) to 1 (good); for a length its number of turns
    weight      REAL    NOT NULL, -- 0: recorded only
    judged_by   TEXT    NOT NULL,
    probability REAL    NULL      -- of having been chosen to be judged; NULL: not sampled
) WITHOUT ROWID;

CREATE INDEX quality_verdict_by_time ON quality_verdict (given_at_us);
CREATE INDEX quality_verdict_by_call ON quality_verdict (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX quality_verdict_by_session ON quality_verdict (session) WHERE session IS NOT NULL;

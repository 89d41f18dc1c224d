-- 0007_feedback.sql: comments and replaced texts that came as feedback. The numbers of feedback are in the ledger's quality_verdict.
CREATE TABLE feedback_text (
    id            TEXT    NOT NULL PRIMARY KEY, -- the same id again changes nothing
    call_id       TEXT    NULL,
    session       TEXT    NULL,
    kind          INTEGER NOT NULL, -- 1 comment, 2 replacement of an answer
    given_at_us   INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL,
    sealed_text   BLOB    NOT NULL
) WITHOUT ROWID;

CREATE INDEX feedback_text_by_call ON feedback_text (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX feedback_text_by_session ON feedback_text (session) WHERE session IS NOT NULL;
CREATE INDEX feedback_text_by_end ON feedback_text (expires_at_us);

-- 0001_content.sql: the store of content, apart from the ledger, which holds no prompt and no answer.
-- Units are in the names, as in the ledger. BLOBs named sealed_* go through the content key: see Content/ContentSeal.cs.

CREATE TABLE content_property (
    name  TEXT NOT NULL PRIMARY KEY, -- 'key_check': a known text under the content key, so that a wrong key is noticed
    value BLOB NOT NULL
) WITHOUT ROWID;

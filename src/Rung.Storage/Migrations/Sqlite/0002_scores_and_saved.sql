-- 0002_scores_and_saved.sql: what a check scored, and what abandoning a stream saved.
-- verdict.score stays 1 or 0 for a check, whether it passed; own_score is how good the answer is by it, NULL for one that only says yes or no.
-- Older rows keep NULL, which means the same there: no score, nothing saved.
ALTER TABLE verdict ADD COLUMN own_score REAL NULL;
ALTER TABLE attempt ADD COLUMN saved_tokens INTEGER NULL;
ALTER TABLE attempt ADD COLUMN saved_us INTEGER NULL;

-- 0009_reading_minutes.sql: what the guards of a rollout said is kept by the minute for an hour, and by the hour before that. A reading of an hour becomes that of its first minute:
-- its instant stands in at_us as ever.

ALTER TABLE rollout_reading RENAME COLUMN hour TO minute;

UPDATE rollout_reading SET minute = minute * 60;

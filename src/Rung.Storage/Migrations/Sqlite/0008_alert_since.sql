-- 0008_alert_since.sql: since when the condition of an alert held, by its own word, at each change of it. Where the alert is drift, that is the change point.
-- NULL in what was written before: the row of the alert itself knows it for its last time only.

ALTER TABLE alert_event ADD COLUMN since_us INTEGER NULL;

CREATE INDEX alert_event_by_time ON alert_event (at_us);
CREATE INDEX alert_event_fired_since ON alert_event (since_us) WHERE change = 1;

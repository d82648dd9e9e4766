-- What an incident holds that was made of a short description and an urgency.
CREATE TABLE task (
    sys_row INTEGER PRIMARY KEY, sys_class_name TEXT COLLATE NOCASE, active BIGINT, sys_id TEXT COLLATE NOCASE,
    number TEXT COLLATE NOCASE, state BIGINT, approval TEXT COLLATE NOCASE, escalation BIGINT, impact BIGINT,
    knowledge BIGINT, made_sla BIGINT, opened_at TEXT COLLATE NOCASE, opened_by TEXT COLLATE NOCASE, priority BIGINT,
    reassignment_count BIGINT, short_description TEXT COLLATE NOCASE, sys_created_by TEXT COLLATE NOCASE,
    sys_created_on TEXT COLLATE NOCASE, sys_domain TEXT COLLATE NOCASE, sys_domain_path TEXT COLLATE NOCASE,
    sys_mod_count BIGINT, sys_updated_by TEXT COLLATE NOCASE, sys_updated_on TEXT COLLATE NOCASE,
    task_effective_number TEXT COLLATE NOCASE, upon_approval TEXT COLLATE NOCASE, upon_reject TEXT COLLATE NOCASE,
    urgency BIGINT, category TEXT COLLATE NOCASE, child_incidents BIGINT, incident_state BIGINT, notify BIGINT,
    reopen_count BIGINT, severity BIGINT
);
CREATE UNIQUE INDEX task_sys_id ON task (sys_id);
CREATE INDEX task_number ON task (number);
CREATE INDEX task_opened_at ON task (opened_at);
CREATE INDEX task_opened_by ON task (opened_by);
CREATE INDEX task_state ON task (state);
CREATE INDEX task_sys_class_name ON task (sys_class_name);
CREATE INDEX task_sys_created_on ON task (sys_created_on);
CREATE INDEX task_sys_updated_on ON task (sys_updated_on);

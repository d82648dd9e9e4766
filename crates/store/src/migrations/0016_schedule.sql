-- When flows that wait for a time begin next, one row for each trigger; no `due`: never again. `spec` tells whether the
-- trigger was changed since.
CREATE TABLE sg_schedule (id TEXT PRIMARY KEY, due BIGINT, spec TEXT NOT NULL);

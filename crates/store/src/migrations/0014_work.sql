-- What the instance does by itself, sooner or later: one row for each thing until it is done. `id` is the key of the
-- record that people see, `kind` says of which table. `due` and `began` are the instance's time. `holder` names the
-- process that is at it, `node` its number; `held_until` is the machine's time, since the instance's may stand still.
-- `attempt` counts who took it up: whoever was thought dead and comes back finds another number. `input` is what it
-- starts from, sealed where it may hold secrets.
CREATE TABLE sg_work (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, began BIGINT NOT NULL, due BIGINT NOT NULL, attempt BIGINT NOT NULL,
    node BIGINT, holder TEXT, held_until BIGINT, input TEXT
);
CREATE INDEX sg_work_due ON sg_work (due);

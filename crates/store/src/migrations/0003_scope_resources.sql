-- A scope is numbered together with the resource servers it is for (RFC 8707), separated by spaces; empty: this
-- instance. A key of one column cannot be widened on SQLite, so the rows move.
CREATE TABLE sg_scope_for (
    no BIGINT PRIMARY KEY, scope TEXT NOT NULL, resources TEXT NOT NULL, UNIQUE (scope, resources)
);
INSERT INTO sg_scope_for (no, scope, resources) SELECT no, scope, '' FROM sg_scope;
DROP TABLE sg_scope;
ALTER TABLE sg_scope_for RENAME TO sg_scope;

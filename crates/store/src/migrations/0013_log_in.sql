-- What a log-in proved, as `amr` tells it, with the session and what was granted in it; empty where that is not known.
ALTER TABLE sg_session ADD COLUMN amr TEXT;
ALTER TABLE sg_code ADD COLUMN amr TEXT;
ALTER TABLE sg_device ADD COLUMN amr TEXT;
-- What clients got in a session, so that it can end with it: a code's row stays as long as what it gave.
ALTER TABLE sg_code ADD COLUMN client_no BIGINT;
CREATE INDEX sg_code_session ON sg_code (session);

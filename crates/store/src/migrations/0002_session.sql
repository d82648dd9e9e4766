-- Browser sessions. The cookie's value is in no row: `hash` is its SHA-256, so whoever reads this table logs in as nobody.
CREATE TABLE sg_session (hash TEXT PRIMARY KEY, user_no BIGINT NOT NULL, authenticated_at BIGINT NOT NULL, seen_at BIGINT NOT NULL);
CREATE INDEX sg_session_user_no ON sg_session (user_no);
CREATE INDEX sg_session_seen_at ON sg_session (seen_at);

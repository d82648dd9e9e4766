-- Authorization codes. A code's text is in no row: it carries its id and proves itself. `gave` is the token family, or
-- the token, that it was exchanged for. `authenticated_at`, `expires` and `gave_until` are in seconds; a row outlives its
-- code, so that a second use is noticed. `session` is the key of a row of sg_session.
CREATE TABLE sg_code (id BIGINT PRIMARY KEY, redirect_uri TEXT, challenge TEXT, challenge_method TEXT, nonce TEXT, authenticated_at BIGINT NOT NULL, session TEXT NOT NULL, expires BIGINT NOT NULL, consumed_at BIGINT, gave BIGINT, gave_until BIGINT);
CREATE INDEX sg_code_expires ON sg_code (expires);

-- Forms that do something once, and were sent in. `expires`, in seconds, is when the form would be too old anyway.
CREATE TABLE sg_ticket (id BIGINT PRIMARY KEY, expires BIGINT NOT NULL);
CREATE INDEX sg_ticket_expires ON sg_ticket (expires);

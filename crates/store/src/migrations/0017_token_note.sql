-- Tokens that were issued and have no row in `oauth_credential` yet; on SQLite. `tokens` holds the notes of one token
-- or of many, one after the other. `newest` is the greatest id among them, `expires` the last second that one lives.
CREATE TABLE sg_token_note (
    id INTEGER PRIMARY KEY, newest BIGINT NOT NULL, expires BIGINT NOT NULL, tokens TEXT NOT NULL
);

-- Since when the refresh token's end is what it is: an end that each renewal moves is no deadline.
ALTER TABLE sg_grant ADD COLUMN refresh_since BIGINT;
-- What people were told of a grant, each occasion once, and whether the webhook has it. `next_try` is the machine's time.
CREATE TABLE sg_alert (
    id TEXT PRIMARY KEY, grant_id TEXT NOT NULL, occasion TEXT NOT NULL, event TEXT NOT NULL, raised BIGINT NOT NULL,
    body TEXT NOT NULL, tries BIGINT NOT NULL, next_try BIGINT, UNIQUE (grant_id, occasion)
);
-- Tokens of other providers that nobody here uses any more, still sealed, until their provider has been told (RFC 7009).
CREATE TABLE sg_farewell (
    token_row BIGINT PRIMARY KEY, token_key TEXT NOT NULL, provider TEXT NOT NULL, kind TEXT NOT NULL, sealed TEXT NOT NULL,
    tries BIGINT NOT NULL, next_try BIGINT NOT NULL
);

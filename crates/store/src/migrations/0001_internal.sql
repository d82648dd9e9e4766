-- What the instance keeps for itself, beside the tables of the dictionary. Text and whole numbers only, so that
-- one text serves both databases. Times are milliseconds since 1970, UTC, unless the name says otherwise.

-- Single facts: which pack was loaded, which base definition, whether the schema follows the dictionary.
CREATE TABLE sg_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- The keys that tokens are signed with, sealed under the master key. A retired key still verifies.
CREATE TABLE sg_key (id BIGINT PRIMARY KEY, sealed TEXT NOT NULL, created_at BIGINT NOT NULL, retired_at BIGINT);

-- Tokens and token families that no longer count, until they would have expired. `expires` is in seconds.
CREATE TABLE sg_revocation (token_id BIGINT PRIMARY KEY, expires BIGINT NOT NULL, revoked_at BIGINT NOT NULL);
CREATE INDEX sg_revocation_revoked_at ON sg_revocation (revoked_at);

-- Scope texts by the number that tokens carry.
CREATE TABLE sg_scope (no BIGINT PRIMARY KEY, scope TEXT NOT NULL UNIQUE);

-- Tokens of a user that were issued before this moment are dead: a password changed, all were ended.
CREATE TABLE sg_user_tokens (user_no BIGINT PRIMARY KEY, valid_from BIGINT NOT NULL);

-- How often each cached subject changed, for nodes that missed an announcement.
CREATE TABLE sg_version (topic TEXT PRIMARY KEY, version BIGINT NOT NULL);

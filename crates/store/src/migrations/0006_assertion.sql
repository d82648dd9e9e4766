-- Assertions that were used: the digest of the client and the `jti`. `expires` is in seconds; then `exp` refuses it anyway.
CREATE TABLE sg_assertion (digest TEXT PRIMARY KEY, expires BIGINT NOT NULL);
CREATE INDEX sg_assertion_expires ON sg_assertion (expires);

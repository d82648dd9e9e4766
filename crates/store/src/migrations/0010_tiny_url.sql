-- Long queries by a short token, which is made of them: the same query has the same token.
CREATE TABLE sg_tiny_url (token TEXT PRIMARY KEY, query TEXT NOT NULL, kept_at BIGINT NOT NULL);
CREATE INDEX sg_tiny_url_age ON sg_tiny_url (kept_at);

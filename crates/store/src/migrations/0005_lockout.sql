-- Users that wrong passwords locked, and since when. A locked user without a row here was locked by an administrator.
CREATE TABLE sg_lockout (user_no BIGINT PRIMARY KEY, locked_at BIGINT NOT NULL);

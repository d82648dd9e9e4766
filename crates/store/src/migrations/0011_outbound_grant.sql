-- What is held of grants at other providers, one row for each requestor, profile and (of personal ones) user; `id` is the
-- key of the row of oauth_requestor_profile that people see. The tokens themselves are sealed in rows of
-- oauth_credential. `flight` names a request to the provider under way; its `flight_until` is the machine's time, since
-- the instance's may stand still.
CREATE TABLE sg_grant (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, context TEXT NOT NULL, requestor TEXT NOT NULL, profile TEXT NOT NULL,
    user_id TEXT, generation BIGINT NOT NULL, access_row BIGINT, refresh_row BIGINT, obtained BIGINT, access_expires BIGINT,
    refresh_expires BIGINT, scope TEXT, state TEXT, code TEXT, detail TEXT, failures BIGINT NOT NULL, retry_at BIGINT NOT NULL,
    flight TEXT, flight_step TEXT, flight_until BIGINT, answer_lost BIGINT NOT NULL
);

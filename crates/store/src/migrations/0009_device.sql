-- Devices that asked to be let in. The device code's text is in no row: it carries its id and proves itself; of the user
-- code only a proof under the master key is kept. `expires`, `authenticated_at` and `gave_until` are in seconds; a row
-- outlives its codes, so that a second use is noticed. A row that is answered and has no `user_no` was denied.
CREATE TABLE sg_device (id BIGINT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, client_no BIGINT NOT NULL, scope_no BIGINT NOT NULL, expires BIGINT NOT NULL, poll_seconds BIGINT NOT NULL, polled_at BIGINT, answered_at BIGINT, user_no BIGINT, authenticated_at BIGINT, consumed_at BIGINT, gave BIGINT, gave_until BIGINT);
CREATE INDEX sg_device_expires ON sg_device (expires);

-- Second factors: the secret is sealed, and `last_step` is the newest code's that was used. Beside them the recovery codes
-- nobody has used yet, as proofs under the master key.
CREATE TABLE sg_second_factor (user_no BIGINT PRIMARY KEY, sealed TEXT NOT NULL, last_step BIGINT NOT NULL);
CREATE TABLE sg_recovery_code (user_no BIGINT NOT NULL, proof TEXT NOT NULL, PRIMARY KEY (user_no, proof));

-- The private keys that JWTs are signed with (PKCS #8), sealed under the master key. A key signs from its moment
-- until a newer one of its algorithm does, verifies until it `ends`, and is gone with its row.
CREATE TABLE sg_signing_key (
    no BIGINT PRIMARY KEY, kid TEXT NOT NULL UNIQUE, alg TEXT NOT NULL, sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL, signs_from BIGINT NOT NULL, ends BIGINT
);

//! Who signs the JWTs that this instance proves itself with elsewhere (`outbound-oauth.md` §5).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, integer, password2, reference, string},
};

// `rsa_256` is the one whose spelling is public; the others follow it.
const SIGNING_ALGORITHM: &[Choice] = &[
    ("rsa_256", "RSA 256"),
    ("rsa_384", "RSA 384"),
    ("rsa_512", "RSA 512"),
    ("ps_256", "RSA PSS 256"),
    ("es_256", "ECDSA 256"),
    ("es_384", "ECDSA 384"),
    ("hmac_256", "HMAC 256"),
];
const DATA_TYPE: &[Choice] = &[
    ("string", "String"),
    ("boolean", "Boolean"),
    ("number", "Number"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("jwt_keystore_aliases", "JWT Key")
        .audited()
        .columns(&[
            string("name", "Name", 255).mandatory().display(),
            boolean("active", "Active").default("true"),
            // Left out of the header where it is empty.
            string("kid", "Key ID", 255),
            string("signing_algorithm", "Signing Algorithm", 40)
                .default("rsa_256")
                .choices(SIGNING_ALGORITHM),
            // Our own, in place of a Java key store: a private key (PKCS #8, PEM), or the shared key of an HMAC.
            password2("signing_key", "Signing Key"),
        ]),
    Table::root("jwt_provider", "JWT Provider").columns(&[
        string("name", "Name", 255).mandatory().display(),
        // Seconds.
        integer("expiry_interval", "Expiry Interval (sec)").default("60"),
        reference(
            "jwt_keystore_aliases",
            "Signing Configuration",
            "jwt_keystore_aliases",
        )
        .mandatory(),
    ]),
    Table::root("jwt_claim_validation", "JWT Claim").columns(&[
        reference("jwt_provider", "JWT Provider", "jwt_provider").mandatory(),
        string("name", "Name", 255).mandatory().display(),
        boolean("is_standard", "Standard"),
        string("data_type", "Value Type", 40)
            .default("string")
            .choices(DATA_TYPE),
        string("value", "Value", 1000),
    ]),
];

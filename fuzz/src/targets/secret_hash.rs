//! Stored hashes, which an import may bring from anywhere: never so costly that checking one is an attack.

use snowglobe_oauth::SecretHash;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "secret_hash",
    run,
    words: &[
        "$sha256$",
        "$argon2id$v=19$",
        "m=19456,t=2,p=1",
        "m=4294967295",
        "$",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(hash) = SecretHash::parse(text) else {
        return;
    };
    let written = hash.render();
    let again = SecretHash::parse(&written).expect("what it wrote");
    assert_eq!(again.render(), written);
}

//! Opaque tokens: no bytes but those that were minted are one (security.md §1, malformed tokens).

use snowglobe_oauth::KeyRing;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "opaque_token",
    run,
    words: &["AAAAAAAA", "="],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let ring = KeyRing::new(1, &[7; 32]).with_older(2, &[8; 32]);
    // Keys that are not in the corpus: whatever verifies was forged.
    assert!(ring.verify(text).is_err(), "a forged token verifies");
    assert!(ring.recover(text).is_err());
}

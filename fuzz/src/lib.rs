//! Every parser that takes foreign bytes, as a function from any bytes to nothing.
//!
//! A target panics when a parser does, and when what it read contradicts itself: read, written and read again is
//! the same; what is refused is refused with an answer that can be sent. `cargo xtask fuzz` lets libFuzzer look for
//! such bytes; `tests/corpus.rs` runs what it found before, in every `cargo test`.

mod targets;

pub use targets::TARGETS;

/// Names the target in the environment of the fuzzing program.
pub const TARGET_VARIABLE: &str = "SNOWGLOBE_FUZZ_TARGET";

/// A parser under test.
pub struct Target {
    /// As its file and its folder in `corpus/` are called.
    pub name: &'static str,
    /// Reads any bytes, and panics when something is wrong with how it did.
    pub run: fn(&[u8]),
    /// What the input is made of: libFuzzer puts such words into what it tries.
    pub words: &'static [&'static str],
}

/// Finds a target by its name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

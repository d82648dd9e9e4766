//! The program that libFuzzer drives; `SNOWGLOBE_FUZZ_TARGET` names the parser.
//!
//! One program for all targets: linking ten would cost more than fuzzing them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use snowglobe_fuzz::{TARGET_VARIABLE, Target, target};

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = std::env::var_os(TARGET_VARIABLE).unwrap_or_default();
    let name = name.to_string_lossy();
    target(&name).unwrap_or_else(|| panic!("{TARGET_VARIABLE}={name} names no target"))
});

fuzz_target!(init: tell_words(), |bytes: &[u8]| (TARGET.run)(bytes));

/// Asked for its words, the program prints libFuzzer's dictionary of the target and ends.
fn tell_words() {
    if std::env::var_os("SNOWGLOBE_FUZZ_WORDS").is_none() {
        return;
    }
    for word in TARGET.words {
        println!("\"{}\"", escaped(word));
    }
    std::process::exit(0);
}

/// libFuzzer reads an entry a line: what is no plain character stands as its byte.
fn escaped(word: &str) -> String {
    let byte = |byte: u8| match byte {
        b'\\' | b'"' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    };
    word.bytes().map(byte).collect()
}

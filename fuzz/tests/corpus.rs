//! What the fuzzer kept, through its targets: an input that once broke a parser stays mended.

use std::{collections::BTreeSet, fs, path::PathBuf};

use snowglobe_fuzz::{TARGETS, target};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let folders: BTreeSet<_> = fs::read_dir(corpus())
        .expect("fuzz/corpus")
        .map(|folder| {
            folder
                .expect("a folder")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    let targets: BTreeSet<_> = TARGETS
        .iter()
        .map(|target| target.name.to_owned())
        .collect();
    assert_eq!(folders, targets);
}

#[test]
fn what_the_fuzzer_kept_is_read_without_a_panic() {
    for folder in fs::read_dir(corpus()).expect("fuzz/corpus").flatten() {
        let name = folder.file_name().into_string().expect("a name");
        let target = target(&name).expect("a target of this name");
        let files: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .flatten()
            .collect();
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            (target.run)(&fs::read(file.path()).expect("a file"));
        }
    }
}

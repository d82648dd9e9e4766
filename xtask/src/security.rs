//! `docs/security.md` names tests; these hold it to what there is.

use std::collections::BTreeSet;
use std::fs;

use snowglobe_conform::CHECKS;

use crate::run::root;

fn page() -> String {
    fs::read_to_string(root().join("docs/security.md")).expect("docs/security.md")
}

/// What stands between backquotes in the rows of its tables.
fn references(page: &str) -> Vec<String> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted.map(str::to_owned).collect()
}

fn exists(reference: &str) -> bool {
    if let Some(check) = reference.strip_prefix("conform: ") {
        return CHECKS
            .iter()
            .copied()
            .flatten()
            .any(|known| known.name == check);
    }
    if let Some(target) = reference.strip_prefix("fuzz: ") {
        return root().join("fuzz/corpus").join(target).is_dir();
    }
    let Some((file, test)) = reference.split_once("::") else {
        return root().join(reference).exists();
    };
    runs(file, test)
}

/// A function that `cargo test` runs: marked as a test, or in the list of those that run on every database.
fn runs(file: &str, test: &str) -> bool {
    let source = |file: &str| fs::read_to_string(root().join(file)).unwrap_or_default();
    let text = source(file);
    let Some((before, _)) = text.split_once(&format!("fn {test}(")) else {
        return false;
    };
    let marks = before.rsplit("\n\n").next().unwrap_or_default();
    let is_test = marks.contains("#[test]") || marks.contains("#[tokio::test");
    let (folder, name) = file.rsplit_once('/').unwrap_or_default();
    let listed = format!("{}::{test},", name.trim_end_matches(".rs"));
    let is_listed = || source(&format!("{folder}/main.rs")).contains(&listed);
    !marks.contains("#[ignore") && (is_test || is_listed())
}

#[test]
fn every_test_that_the_page_names_exists_and_runs() {
    let references = references(&page());
    assert!(
        references.len() > 60,
        "{} tests are named",
        references.len()
    );
    let missing: Vec<_> = references.iter().filter(|known| !exists(known)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_requirement_has_its_row_with_a_test_or_a_place_to_come() {
    let page = page();
    let rows = page.lines().filter_map(|line| {
        let (number, row) = line.strip_prefix("| ")?.split_once(" | ")?;
        Some((number.parse::<u32>().ok()?, row))
    });
    let rows: Vec<_> = rows.collect();
    let numbers: BTreeSet<u32> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=60).collect());
    assert_eq!(rows.len(), 60, "a requirement stands twice");
    for (number, row) in rows {
        assert!(
            row.contains('`') || row.contains("*to come:*"),
            "{number}: {row}"
        );
    }
}

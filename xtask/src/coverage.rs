//! `cargo xtask coverage-matrix`: which test holds which row of the specification.
//!
//! The rows are in `docs/coverage/<spec>.txt`, a line each under its section:
//!
//! ```text
//! ## §3.2 operators
//! SAMEAS
//! GOTO -- why there is no test that names it
//! ```
//! A test names a row of `rest.txt` by a line above it, `// covers: rest §3.2 SAMEAS, NSAMEAS`, or in its own name,
//! `rest_3_2_sameas_…`. Lines like that are read from Rust, Python, JavaScript and PHP alike.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::run::root;

/// A row of a specification, and what is known of it.
struct Row {
    /// `rest §3.2 SAMEAS`
    name: String,
    /// Why no test names it.
    reason: Option<String>,
}

/// Where a test stands: file and name.
type Tests = BTreeMap<String, Vec<String>>;

/// Prints every row with its tests, and fails on a row that has neither a test nor a reason.
pub(crate) fn print() -> Result<()> {
    let (rows, tests) = (rows()?, tests()?);
    for row in &rows {
        match (found(row, &tests).as_slice(), &row.reason) {
            ([], Some(reason)) => eprintln!("{:<44} no test: {reason}", row.name),
            ([], None) => eprintln!("{:<44} MISSING", row.name),
            ([first], _) => eprintln!("{:<44} {first}", row.name),
            ([first, more @ ..], _) => {
                eprintln!("{:<44} {first} and {} more", row.name, more.len());
            }
        }
    }
    judge(&rows, &tests)
}

/// Fails on a row without a test, a reason beside a test, and a test that names no row.
pub(crate) fn check() -> Result<()> {
    judge(&rows()?, &tests()?)
}

fn judge(rows: &[Row], tests: &Tests) -> Result<()> {
    let mut faults = Vec::new();
    for row in rows {
        let found = found(row, tests);
        match (found.first(), &row.reason) {
            (None, None) => faults.push(format!("{}: no test names it", row.name)),
            (Some(test), Some(_)) => {
                faults.push(format!("{}: {test} names it; drop the reason", row.name));
            }
            _ => {}
        }
    }
    let known = |name: &String| rows.iter().any(|row| row.name == **name);
    let named = tests.keys().filter(|name| name.contains('§'));
    faults.extend(named.filter(|name| !known(name)).map(|name| {
        format!(
            "{name}: {} names it, and no specification does",
            tests[name][0]
        )
    }));
    if faults.is_empty() {
        eprintln!("coverage: {} rows", rows.len());
        return Ok(());
    }
    bail!("coverage:\n{}", faults.join("\n"))
}

fn found<'t>(row: &Row, tests: &'t Tests) -> Vec<&'t String> {
    let prefix = slug(&row.name);
    let by_name = tests
        .range(prefix.clone()..)
        .take_while(|(test, _)| test.starts_with(&prefix))
        .filter(|(test, _)| test.len() == prefix.len() || test[prefix.len()..].starts_with('_'));
    let by_name = by_name.filter(|_| slug_is_enough(&row.name));
    let by_line = tests.get(&row.name);
    by_line
        .into_iter()
        .chain(by_name.map(|(_, tests)| tests))
        .flatten()
        .collect()
}

/// `rest §3.2 GT_FIELD` to `rest_3_2_gt_field`.
fn slug(name: &str) -> String {
    let kept = name.replace('§', "");
    let words = kept.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("_")
}

/// A row such as `>=` has no letters of its own: only a line can name it.
fn slug_is_enough(name: &str) -> bool {
    let row = name.splitn(3, ' ').nth(2).unwrap_or_default();
    row.chars().any(|c| c.is_ascii_alphanumeric())
}

fn rows() -> Result<Vec<Row>> {
    let folder = root().join("docs/coverage");
    let mut rows = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .context("docs/coverage")?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    for file in files {
        let spec = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        rows.extend(rows_of(spec, &fs::read_to_string(&file)?));
    }
    Ok(rows)
}

fn rows_of(spec: &str, text: &str) -> Vec<Row> {
    let mut section = "";
    let mut rows = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split_whitespace().next().unwrap_or_default();
        } else if !line.is_empty() && !line.starts_with("# ") {
            let (row, reason) = match line.split_once(" -- ") {
                Some((row, reason)) => (row, Some(reason.to_owned())),
                None => (line, None),
            };
            let name = format!("{spec} {section} {}", row.trim());
            rows.push(Row { name, reason });
        }
    }
    rows
}

/// Every test by its own name, and by the rows that the lines above it name.
fn tests() -> Result<Tests> {
    let mut tests = Tests::new();
    for folder in ["crates", "tests", "fuzz", "conform", "xtask"] {
        visit(&root().join(folder), &mut tests)?;
    }
    Ok(tests)
}

fn visit(path: &Path, tests: &mut Tests) -> Result<()> {
    if path.is_dir() {
        let skipped = ["target", "node_modules", "corpus"];
        if path
            .file_name()
            .is_some_and(|name| skipped.iter().any(|it| name == *it))
        {
            return Ok(());
        }
        for entry in fs::read_dir(path)? {
            visit(&entry?.path(), tests)?;
        }
        return Ok(());
    }
    let extension = path.extension().and_then(OsStr::to_str);
    if matches!(extension, Some("rs" | "py" | "mjs" | "js" | "php")) {
        let source = fs::read_to_string(path).unwrap_or_default();
        let file = path.strip_prefix(root()).unwrap_or(path);
        collect(&file.display().to_string(), &source, tests);
    }
    Ok(())
}

fn collect(file: &str, source: &str, tests: &mut Tests) {
    let mut waiting: Vec<String> = Vec::new();
    for line in source.lines().map(str::trim_start) {
        let comment = line.strip_prefix("// ").or_else(|| line.strip_prefix("# "));
        if let Some(covers) = comment.and_then(|it| it.strip_prefix("covers: ")) {
            waiting.extend(named(covers));
        } else if let Some(name) = test_name(line) {
            let place = format!("{file}::{name}");
            tests
                .entry(name.to_owned())
                .or_default()
                .push(place.clone());
            for row in waiting.drain(..) {
                tests.entry(row).or_default().push(place.clone());
            }
        }
    }
}

/// `rest §3.2 SAMEAS, NSAMEAS` names two rows.
fn named(covers: &str) -> Vec<String> {
    let mut words = covers.splitn(3, ' ');
    let (Some(spec), Some(section), Some(rows)) = (words.next(), words.next(), words.next()) else {
        return Vec::new();
    };
    let rows = rows.split(", ").map(str::trim);
    rows.map(|row| format!("{spec} {section} {row}")).collect()
}

fn test_name(line: &str) -> Option<&str> {
    const BEGINNINGS: [&str; 7] = [
        "fn ",
        "async fn ",
        "pub(crate) async fn ",
        "pub(crate) fn ",
        "def ",
        "function ",
        "test('",
    ];
    let rest = BEGINNINGS.iter().find_map(|it| line.strip_prefix(it))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ' ')?;
    Some(rest[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(source: &str) -> Tests {
        let mut tests = Tests::new();
        collect("a.rs", source, &mut tests);
        tests
    }

    #[test]
    fn a_row_is_named_by_a_line_or_by_a_name() {
        let rows = rows_of(
            "rest",
            "# words\n## §3.2 operators\nSAMEAS\n>=\nGOTO -- it is a prefix\n",
        );
        let tests = matrix(
            "// covers: rest §3.2 >=, <=\n#[test]\nfn order() {}\nfn rest_3_2_sameas_compares() {}\n",
        );
        let counts: Vec<usize> = rows.iter().map(|row| found(row, &tests).len()).collect();
        assert_eq!(counts, [1, 1, 0]);
        let fault = judge(&rows, &tests).expect_err("no row is called <=");
        assert_eq!(
            fault.to_string(),
            "coverage:\nrest §3.2 <=: a.rs::order names it, and no specification does"
        );
    }

    #[test]
    fn a_row_without_a_test_needs_a_reason() {
        let rows = rows_of("rest", "## §1.7\nE1\nE2 -- E1 says it\n");
        let fault = judge(&rows, &matrix("")).expect_err("nothing names E1");
        assert_eq!(
            fault.to_string(),
            "coverage:\nrest §1.7 E1: no test names it"
        );
        let named = matrix("fn rest_1_7_e1_x() {}\nfn rest_1_7_e2_x() {}\nfn rest_1_7_e10_x() {}");
        let fault = judge(&rows, &named).expect_err("the reason is stale");
        assert!(fault.to_string().contains("drop the reason"));
    }
}

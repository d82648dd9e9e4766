//! Full-text search: `123TEXTQUERY321=words` (§3.2). Every word must stand somewhere in the row's texts or journals,
//! of which only those count that the caller may read; there is no index, words are found inside words.

use std::sync::Arc;

use super::{
    Match, Path, Predicate,
    resolve::{Fields, Reason},
    script,
};
use crate::dictionary::{Column, Journal, Kind};

/// The field that means the whole row.
const TEXT: &str = "123TEXTQUERY321";
/// Names the index that the words are looked up in; there is one.
const GROUP: &str = "123TEXTINDEXGROUP321";

impl Fields<'_> {
    /// Reads a full-text condition; `None` if it is something else.
    pub(super) fn search_term(&mut self, term: &str) -> Option<Result<Predicate, Reason>> {
        if term.starts_with(GROUP) {
            return Some(Ok(Predicate::True));
        }
        let rest = term.strip_prefix(TEXT)?;
        let words = rest.strip_prefix('=').or_else(|| rest.strip_prefix("LIKE"));
        Some(match words {
            None => Err(Reason::UnknownOperator),
            Some(words) => match script::evaluate(words, self.context) {
                Some(words) => Ok(self.search(&words)),
                None => Err(Reason::Script),
            },
        })
    }

    fn search(&mut self, words: &str) -> Predicate {
        // More words narrow no further than a person reads.
        const MOST_WORDS: usize = 16;
        let texts: Vec<Path> = self.columns(is_text);
        let journals: Vec<Path> =
            self.columns(|column| column.kind == Kind::Journal(Journal::Input));
        split(words)
            .into_iter()
            .take(MOST_WORDS)
            .map(|word| self.contains(&texts, &journals, word))
            .fold(Predicate::True, Predicate::and)
    }

    fn contains(&mut self, texts: &[Path], journals: &[Path], word: &str) -> Predicate {
        let like = |path: &Path| Predicate::Like {
            path: path.clone(),
            at: Match::Contains,
            text: word.into(),
            negated: false,
        };
        let mut places: Vec<Predicate> = texts.iter().map(like).collect();
        places.extend(
            journals
                .iter()
                .filter_map(|path| self.journal_contains(path, word)),
        );
        Predicate::Search(places)
    }

    fn columns(&self, wanted: impl Fn(&Column) -> bool) -> Vec<Path> {
        let columns = self.table.columns().iter();
        let path = |column: &Arc<Column>| Path {
            table: 0,
            column: Arc::clone(column),
        };
        columns.filter(|column| wanted(column)).map(path).collect()
    }
}

/// Texts that people write; what the system says about the row is none.
fn is_text(column: &Column) -> bool {
    let about_the_row = column.element.starts_with("sys_");
    column.kind == Kind::Text
        && !about_the_row
        && !matches!(
            &*column.internal_type,
            "GUID" | "sys_class_name" | "table_name" | "field_name" | "document_id" | "domain_path"
        )
}

/// Words between blanks; what stands in quotes is one.
fn split(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, piece) in words.split('"').enumerate() {
        if at % 2 == 1 {
            found.push(piece);
        } else {
            found.extend(piece.split_whitespace());
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(
            split("printer \"paper jam\" now"),
            ["printer", "paper jam", "now"]
        );
        assert_eq!(split(" \"\" "), [] as [&str; 0]);
    }
}

//! Clauses back to text: the inverse of [`parse`](super::parse()).

use std::fmt;

use super::parse::Clause;

impl fmt::Display for Clause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(term) => f.write_str(term),
            Self::Or(term) => write!(f, "OR{term}"),
            Self::NewQuery(term) => write!(f, "NQ{term}"),
            Self::EndQuery => f.write_str("EQ"),
            Self::OrderBy {
                field,
                descending: false,
            } => write!(f, "ORDERBY{field}"),
            Self::OrderBy {
                field,
                descending: true,
            } => write!(f, "ORDERBYDESC{field}"),
            Self::GroupBy(field) => write!(f, "GROUPBY{field}"),
        }
    }
}

/// Prints clauses so that [`parse`](super::parse()) reads the same ones back.
#[must_use]
pub fn print(clauses: &[Clause<'_>]) -> String {
    let pieces: Vec<String> = clauses.iter().map(Clause::to_string).collect();
    pieces.join("^")
}

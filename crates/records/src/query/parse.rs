//! Encoded query text to clauses (§3.1). Every text is a query; nothing is copied.

/// What stands between two carets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause<'a> {
    /// A condition that must hold too.
    And(&'a str),
    /// `OR…`: a condition that may hold in place of the one before it.
    Or(&'a str),
    /// `NQ…`: the first condition of another, independent group; empty when only a clause follows.
    NewQuery(&'a str),
    /// `EQ`: the marker that forms append; it means nothing.
    EndQuery,
    /// `ORDERBY…`, `ORDERBYDESC…`
    OrderBy {
        /// By this field.
        field: &'a str,
        /// Largest first.
        descending: bool,
    },
    /// `GROUPBY…`
    GroupBy(&'a str),
}

/// Conditions that contain carets of their own: what they begin with and what closes them (§3.2).
const BRACKETS: [(&str, &str); 2] = [("RLQUERY", "^ENDRLQUERY"), ("SUBQUERY", "^ENDSUBQUERY")];

/// Splits an encoded query into its clauses; empty terms are skipped.
#[must_use]
pub fn parse(text: &str) -> Vec<Clause<'_>> {
    let closers = Closers::of(text);
    let mut clauses = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (piece, tail) = next_piece(text, &closers);
        clauses.extend(clause(piece));
        rest = tail;
    }
    clauses
}

/// Cuts the text at the next caret that is not part of a bracketed condition.
fn next_piece<'a>(text: &'a str, closers: &Closers) -> (&'a str, Option<&'a str>) {
    let (condition, after) = text.split_at(closers.bracketed(text));
    match after.find('^') {
        Some(caret) => {
            let (piece, tail) = text.split_at(condition.len() + caret);
            (piece, tail.strip_prefix('^'))
        }
        None => (text, None),
    }
}

/// How far from the end of the text each bracket is closed for the last time, so that brackets that nothing closes
/// do not each search all that follows.
struct Closers([Option<usize>; BRACKETS.len()]);

impl Closers {
    fn of(text: &str) -> Self {
        Self(BRACKETS.map(|(_, close)| text.rfind(close).map(|at| text.len() - at)))
    }

    /// The length of the bracketed condition that the rest of the text begins with, 0 if there is none.
    fn bracketed(&self, rest: &str) -> usize {
        let term = rest
            .strip_prefix("OR")
            .or_else(|| rest.strip_prefix("NQ"))
            .unwrap_or(rest);
        let closed = |last: &Option<usize>| last.is_some_and(|last| last <= rest.len());
        std::iter::zip(BRACKETS, &self.0)
            .filter(|((open, _), last)| term.starts_with(open) && closed(last))
            .find_map(|((_, close), _)| rest.find(close).map(|at| at + close.len()))
            .unwrap_or(0)
    }
}

/// Reads one piece. Keywords are upper case and names lower case, so `order=1` is a condition.
fn clause(piece: &str) -> Option<Clause<'_>> {
    if piece.is_empty() || piece == "OR" {
        return None;
    }
    if piece == "EQ" {
        return Some(Clause::EndQuery);
    }
    if let Some(field) = piece.strip_prefix("ORDERBYDESC") {
        return Some(Clause::OrderBy {
            field,
            descending: true,
        });
    }
    if let Some(field) = piece.strip_prefix("ORDERBY") {
        return Some(Clause::OrderBy {
            field,
            descending: false,
        });
    }
    if let Some(field) = piece.strip_prefix("GROUPBY") {
        return Some(Clause::GroupBy(field));
    }
    if let Some(term) = piece.strip_prefix("NQ") {
        return Some(Clause::NewQuery(term));
    }
    Some(
        piece
            .strip_prefix("OR")
            .map_or(Clause::And(piece), Clause::Or),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_join_conditions() {
        assert_eq!(
            parse("a=1^b=2^ORc=3^NQd=4^EQ"),
            [
                Clause::And("a=1"),
                Clause::And("b=2"),
                Clause::Or("c=3"),
                Clause::NewQuery("d=4"),
                Clause::EndQuery,
            ]
        );
    }

    #[test]
    fn keywords_are_upper_case() {
        for text in ["order=1", "origin_id=2", "eq=1", "nq=1", "groupby=1"] {
            assert_eq!(parse(text), [Clause::And(text)]);
        }
        assert_eq!(parse("ORorder=1"), [Clause::Or("order=1")]);
    }

    #[test]
    fn sorting_needs_no_leading_caret() {
        assert_eq!(
            parse("ORDERBYnumber^ORDERBYDESCsys_id^GROUPBYstate"),
            [
                Clause::OrderBy {
                    field: "number",
                    descending: false
                },
                Clause::OrderBy {
                    field: "sys_id",
                    descending: true
                },
                Clause::GroupBy("state"),
            ]
        );
    }

    #[test]
    fn empty_terms_are_skipped() {
        assert_eq!(parse(""), []);
        assert_eq!(parse("^^^"), []);
        assert_eq!(
            parse("^a=1^^OR^b=2^"),
            [Clause::And("a=1"), Clause::And("b=2")]
        );
    }

    #[test]
    fn a_related_list_query_is_one_condition() {
        let related = "RLQUERYsys_group_has_role.group,>0,m2m^role.nameLIKEadmin^ENDRLQUERY";
        let text = format!("a=1^OR{related}^b=2");
        assert_eq!(
            parse(&text),
            [Clause::And("a=1"), Clause::Or(related), Clause::And("b=2")]
        );
    }

    #[test]
    fn an_unclosed_bracket_ends_at_the_next_caret() {
        assert_eq!(
            parse("RLQUERYx,>0^ENDRLQUERY^RLQUERYy,>0^b=2"),
            [
                Clause::And("RLQUERYx,>0^ENDRLQUERY"),
                Clause::And("RLQUERYy,>0"),
                Clause::And("b=2"),
            ]
        );
    }
}

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
    let mut clauses = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (piece, tail) = next_piece(text);
        clauses.extend(clause(piece));
        rest = tail;
    }
    clauses
}

/// Cuts the text at the next caret that is not part of a bracketed condition.
fn next_piece(text: &str) -> (&str, Option<&str>) {
    let end = bracketed(text) + text[bracketed(text)..].find('^').unwrap_or(text.len());
    match text.get(end..).and_then(|tail| tail.strip_prefix('^')) {
        Some(tail) => (&text[..end], Some(tail)),
        None => (text, None),
    }
}

/// The length of the bracketed condition at the start of the text, 0 if there is none.
fn bracketed(text: &str) -> usize {
    let term = text
        .strip_prefix("OR")
        .or_else(|| text.strip_prefix("NQ"))
        .unwrap_or(text);
    BRACKETS
        .iter()
        .filter(|(open, _)| term.starts_with(open))
        .find_map(|(_, close)| text.find(close).map(|at| at + close.len()))
        .unwrap_or(0)
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
        assert_eq!(
            parse("RLQUERYx,>0^b=2"),
            [Clause::And("RLQUERYx,>0"), Clause::And("b=2")]
        );
    }
}

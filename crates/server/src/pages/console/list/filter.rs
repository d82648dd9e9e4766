//! The conditions of a list as people read and build them: breadcrumbs, the condition builder, the quick search.
//!
//! All three work on the text of the encoded query (`rest-and-records.md` §3), so that every list has a URL that
//! says what it shows.

use std::sync::Arc;

use jiff::tz::TimeZone;
use snowglobe_records::{
    Column, Dictionary, SysId, Table, ValueRef,
    dictionary::Kind,
    query::{Clause, Family, Joins, Operator, parse, print, split},
};

/// A condition in words, and the query that ends with it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pages::console) struct Crumb {
    pub(in crate::pages::console) text: String,
    pub(in crate::pages::console) query: String,
}

/// The operators that the condition builder offers: as they are spelt, in words, and whether they compare with a
/// value.
pub(in crate::pages::console) const OFFERED: [(&str, &str, bool); 12] = [
    ("LIKE", "contains", true),
    ("=", "is", true),
    ("!=", "is not", true),
    ("STARTSWITH", "starts with", true),
    ("ENDSWITH", "ends with", true),
    ("NOT LIKE", "does not contain", true),
    ("ISEMPTY", "is empty", false),
    ("ISNOTEMPTY", "is not empty", false),
    (">", "is more than, or after", true),
    (">=", "is at least, or from", true),
    ("<", "is less than, or before", true),
    ("<=", "is at most, or until", true),
];

/// Why a condition could not be built.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::pages::console) enum BadCondition {
    #[error("Choose a field of this table.")]
    Field,
    #[error("Choose one of the comparisons.")]
    Operator,
    #[error("\u{201c}{words}\u{201d} does not apply to {label}.")]
    Inapplicable { words: &'static str, label: String },
    #[error("{label} compares with a date such as 2026-12-31 or 2026-12-31 23:59:59.")]
    Date { label: String },
}

/// Returns the conditions of a query, each with the query up to it. What sorts the list stays in each.
pub(in crate::pages::console) fn crumbs(
    query: &str,
    dictionary: &Dictionary,
    table: &Arc<Table>,
) -> Vec<Crumb> {
    let (conditions, order) = taken_apart(query);
    let mut crumbs = Vec::new();
    for (at, clause) in conditions.iter().enumerate() {
        let (joint, term) = match *clause {
            Clause::Or(term) => ("or ", term),
            Clause::NewQuery(term) => ("or else ", term),
            Clause::And(term) => ("", term),
            _ => continue,
        };
        if term.is_empty() {
            continue;
        }
        let until: Vec<Clause<'_>> = conditions
            .iter()
            .take(at + 1)
            .chain(&order)
            .copied()
            .collect();
        crumbs.push(Crumb {
            text: format!("{joint}{}", in_words(term, dictionary, table)),
            query: print(&until),
        });
    }
    crumbs
}

/// Returns a query with a condition more, in each of its groups: what is added holds for every row of the list.
pub(in crate::pages::console) fn narrowed(query: &str, terms: &[Clause<'_>]) -> String {
    let (conditions, order) = taken_apart(query);
    let mut all = Vec::with_capacity(conditions.len() + terms.len());
    for clause in conditions {
        if matches!(clause, Clause::NewQuery(_)) {
            all.extend_from_slice(terms);
        }
        all.push(clause);
    }
    all.extend_from_slice(terms);
    all.extend(order);
    print(&all)
}

/// Returns a query sorted by this field and nothing else.
pub(in crate::pages::console) fn sorted_by(query: &str, field: &str, descending: bool) -> String {
    let (mut clauses, _) = taken_apart(query);
    clauses.push(Clause::OrderBy { field, descending });
    print(&clauses)
}

/// Returns what a query sorts by first.
pub(in crate::pages::console) fn first_order(query: &str) -> Option<(&str, bool)> {
    parse(query).into_iter().find_map(|clause| match clause {
        Clause::OrderBy { field, descending } => Some((field, descending)),
        _ => None,
    })
}

/// Builds the condition that a person put together.
pub(in crate::pages::console) fn built(
    table: &Table,
    dictionary: &Dictionary,
    (field, spelling, value): (&str, &str, &str),
    zone: &TimeZone,
) -> Result<String, BadCondition> {
    let column = table.column(field).ok_or(BadCondition::Field)?;
    let offered = OFFERED.iter().find(|(offered, ..)| *offered == spelling);
    let (_, words, takes_value) = *offered.ok_or(BadCondition::Operator)?;
    let operator = split(&format!("{field}{spelling}"))
        .operator
        .ok_or(BadCondition::Operator)?;
    if !applies(operator, column) {
        let label = column.label.to_string();
        return Err(BadCondition::Inapplicable { words, label });
    }
    if !takes_value {
        return Ok(format!("{field}{spelling}"));
    }
    let value = without_carets(value);
    let field = compared_field(column, dictionary, &value);
    Ok(format!(
        "{field}{spelling}{}",
        stored(column, &value, zone)?
    ))
}

/// Returns the conditions of the quick search: one of the columns contains the text.
pub(in crate::pages::console) fn search<'c>(
    columns: impl Iterator<Item = &'c Arc<Column>>,
    text: &str,
) -> Vec<String> {
    let text = without_carets(text);
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    columns
        .filter(|column| Family::of(column) == Some(Family::Text))
        .map(|column| format!("{}LIKE{text}", column.element))
        .collect()
}

/// Conditions first, then what sorts and groups.
fn taken_apart(query: &str) -> (Vec<Clause<'_>>, Vec<Clause<'_>>) {
    parse(query)
        .into_iter()
        .filter(|clause| *clause != Clause::EndQuery)
        .partition(|clause| !matches!(clause, Clause::OrderBy { .. } | Clause::GroupBy(_)))
}

fn applies(operator: &Operator, column: &Column) -> bool {
    Family::of(column).is_some_and(|family| operator.applies_to.contains(&family))
}

/// The language has no way to write a caret in a value (§3.1).
fn without_carets(value: &str) -> String {
    value.replace('^', "")
}

/// A person names a record by what it is called, so a reference is compared there.
fn compared_field(column: &Column, dictionary: &Dictionary, value: &str) -> String {
    let is_key = value.len() == 32 && SysId::parse(value).is_ok();
    let target = column
        .reference
        .as_deref()
        .filter(|_| column.kind == Kind::Reference && !is_key)
        .and_then(|target| dictionary.table(target));
    match target.and_then(|target| target.display()) {
        Some(display) => format!("{}.{}", column.element, display.element),
        None => column.element.to_string(),
    }
}

/// What is stored for what a person typed: the value of a choice, a time in UTC.
fn stored(column: &Column, typed: &str, zone: &TimeZone) -> Result<String, BadCondition> {
    let typed = typed.trim();
    let choice = column
        .choices
        .iter()
        .find(|choice| choice.label.eq_ignore_ascii_case(typed));
    if let Some(choice) = choice {
        return Ok(choice.value.to_string());
    }
    match column.kind {
        Kind::Boolean => Ok(match &*typed.to_ascii_lowercase() {
            "yes" | "true" | "1" => "true".to_owned(),
            "no" | "false" | "0" => "false".to_owned(),
            _ => typed.to_owned(),
        }),
        Kind::DateTime => super::super::form::local_to_utc(typed, zone).ok_or_else(|| {
            let label = column.label.to_string();
            BadCondition::Date { label }
        }),
        _ => Ok(typed.to_owned()),
    }
}

fn in_words(term: &str, dictionary: &Dictionary, table: &Arc<Table>) -> String {
    let condition = split(term);
    let path = Joins::default().walk(dictionary, table, condition.field);
    let (Some(path), Some(operator)) = (path, condition.operator) else {
        return term.to_owned();
    };
    let spelling = operator.spellings.first().copied().unwrap_or_default();
    let words = OFFERED
        .iter()
        .find(|(offered, ..)| *offered == spelling)
        .map_or_else(
            || spelling.to_lowercase(),
            |(_, words, _)| (*words).to_owned(),
        );
    let value = value_in_words(&path.column, condition.value);
    let label = label_of(condition.field, dictionary, table);
    format!("{label} {words} {value}").trim_end().to_owned()
}

/// `Caller › Email` for `caller_id.email`.
fn label_of(field: &str, dictionary: &Dictionary, table: &Arc<Table>) -> String {
    let ends = field.match_indices('.').map(|(at, _)| at);
    let labels: Vec<String> = ends
        .chain([field.len()])
        .filter_map(|end| Joins::default().walk(dictionary, table, field.get(..end)?))
        .map(|path| path.column.label.to_string())
        .collect();
    labels.join(" \u{203a} ")
}

fn value_in_words(column: &Column, value: &str) -> String {
    let word = |value: &str| {
        let label = column.choice_label(value.trim()).map(str::to_owned);
        label.unwrap_or_else(|| shown(column, value))
    };
    let words: Vec<String> = value.split(',').map(word).collect();
    words.join(", ")
}

fn shown(column: &Column, value: &str) -> String {
    match column.kind {
        Kind::Boolean => match column.kind.parse(value) {
            Ok(flag) => (if flag.as_ref() == ValueRef::Int(1) {
                "true"
            } else {
                "false"
            })
            .into(),
            Err(_) => value.to_owned(),
        },
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::console::fixture::dictionary;

    fn texts(query: &str) -> Vec<(String, String)> {
        let dictionary = dictionary();
        let incident = dictionary.table("incident").unwrap();
        let crumbs = crumbs(query, &dictionary, incident).into_iter();
        crumbs.map(|crumb| (crumb.text, crumb.query)).collect()
    }

    fn build(field: &str, operator: &str, value: &str) -> Result<String, BadCondition> {
        let dictionary = dictionary();
        let incident = dictionary.table("incident").unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        built(incident, &dictionary, (field, operator, value), &zone)
    }

    #[test]
    fn a_query_reads_as_words_and_each_word_leads_back_to_itself() {
        let query = "active=true^state=2^ORstate=3^caller_id.nameLIKEabel^ORDERBYDESCnumber";
        let expected = [
            ("Active is true", "active=true^ORDERBYDESCnumber"),
            (
                "State is In Progress",
                "active=true^state=2^ORDERBYDESCnumber",
            ),
            (
                "or State is On Hold",
                "active=true^state=2^ORstate=3^ORDERBYDESCnumber",
            ),
            ("Caller \u{203a} Name contains abel", query),
        ];
        let expected = expected.map(|(text, query)| (text.to_owned(), query.to_owned()));
        assert_eq!(texts(query), expected);
    }

    #[test]
    fn what_is_no_condition_is_shown_as_it_is_written() {
        let hostile = "\"><script>alert(1)</script>";
        assert_eq!(texts(hostile), [(hostile.to_owned(), hostile.to_owned())]);
        assert_eq!(texts("^^EQ^NQ"), []);
    }

    #[test]
    fn a_condition_more_holds_in_every_group() {
        let more = [Clause::And("state=1")];
        for (query, expected) in [
            ("", "state=1"),
            ("active=true^EQ", "active=true^state=1"),
            (
                "a=1^ORDERBYnumber^NQb=2",
                "a=1^state=1^NQb=2^state=1^ORDERBYnumber",
            ),
        ] {
            assert_eq!(narrowed(query, &more), expected);
        }
    }

    #[test]
    fn people_name_choices_records_and_local_times() {
        for (field, operator, value, expected) in [
            ("state", "=", "in progress", "state=2"),
            ("active", "!=", "Yes", "active!=true"),
            ("caller_id", "=", "Abel Tuter", "caller_id.name=Abel Tuter"),
            (
                "opened_at",
                ">",
                "2026-07-01",
                "opened_at>2026-06-30 22:00:00",
            ),
            (
                "short_description",
                "LIKE",
                "a^ORb",
                "short_descriptionLIKEaORb",
            ),
            ("assigned_to", "ISEMPTY", "ignored", "assigned_toISEMPTY"),
        ] {
            assert_eq!(build(field, operator, value).as_deref(), Ok(expected));
        }
        assert_eq!(build("nope", "=", "1"), Err(BadCondition::Field));
        assert_eq!(build("state", "DROP", "1"), Err(BadCondition::Operator));
        assert!(matches!(
            build("opened_at", ">", "soon"),
            Err(BadCondition::Date { .. })
        ));
        let refused = build("active", "LIKE", "t").unwrap_err().to_string();
        assert_eq!(
            refused,
            "\u{201c}contains\u{201d} does not apply to Active."
        );
    }

    #[test]
    fn a_search_looks_into_text_and_cannot_add_conditions() {
        let dictionary = dictionary();
        let incident = dictionary.table("incident").unwrap();
        let columns = ["number", "state", "short_description", "caller_id"];
        let columns = columns.map(|element| incident.column(element).unwrap());
        assert_eq!(
            search(columns.into_iter(), " mail^NQactive=false "),
            [
                "numberLIKEmailNQactive=false",
                "short_descriptionLIKEmailNQactive=false"
            ]
        );
        assert!(search(columns.into_iter(), " ").is_empty());
    }
}

//! Operators that know the hierarchy of tables, who the caller is, and what lies below what.

use std::sync::Arc;

use super::{ALL, Family, Lower, Operator, Referenced, number, one_of};
use crate::{
    dictionary::Dictionary,
    name::Name,
    query::{
        Below, Comparison, Match, Path, Predicate,
        resolve::{Fields, Reason},
        script,
    },
    value::Value,
};

const REFERENCES: &[Family] = &[Family::Reference, Family::List];

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["INSTANCEOF"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Table(instance_of),
        example: "sys_class_nameINSTANCEOFtask",
    },
    Operator {
        spellings: &["DYNAMIC"],
        applies_to: REFERENCES,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| {
            let keys = option(value, fields).ok_or(Reason::UnknownOption)?;
            Ok(one_of(path, keys.iter().map(|key| &**key), false))
        }),
        example: "assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
    },
    Operator {
        spellings: &["IN_HIERARCHY"],
        applies_to: &[Family::Reference],
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| {
            let top = value.rsplit_once('@').map_or(value, |(_, top)| top);
            let top = script::evaluate(top, fields.context).ok_or(Reason::Script)?;
            below(path, top.split(','), fields)
        }),
        example: "assignment_groupIN_HIERARCHY@287ebd7da9fe198100f92cc8d1d2154e",
    },
    Operator {
        spellings: &["IN_HIERARCHY_DYNAMIC"],
        applies_to: &[Family::Reference],
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| {
            let start = value.rsplit_once('@').map_or(value, |(_, start)| start);
            let tops = option(start, fields).ok_or(Reason::UnknownOption)?;
            below(path, tops.iter().map(|top| &**top), fields)
        }),
        example: "assignment_groupIN_HIERARCHY_DYNAMIC@d6435e965f510100a9ad2572f2b47744",
    },
    Operator {
        spellings: &["DOESNOTHAVE", "EXCLUDING"],
        // Tags are no column (`query/tags.rs`); on one, this is what a list does not contain.
        applies_to: &[Family::List],
        referenced: Referenced::Key,
        lower: Lower::One(|path, text| super::like(path, Match::Contains, text, true)),
        example: "watch_listDOESNOTHAVE6816f79cc0a8016401c5a33be04be441",
    },
];

/// The ids that the documentation prints for "Me" (`sys_filter_option_dynamic`).
pub(crate) const ME: [&str; 2] = [
    "90d1921e5f510100a9ad2572f2b477fe",
    "54635e965f510100a9ad2572f2b4774c",
];
/// The id of "One of my groups".
pub(crate) const MY_GROUPS: &str = "d6435e965f510100a9ad2572f2b47744";

/// The keys that a dynamic filter option stands for.
fn option(value: &str, fields: &Fields<'_>) -> Option<Vec<Box<str>>> {
    let id = value.trim().to_ascii_lowercase();
    if ME.contains(&&*id) {
        return Some(vec![fields.context.user_sys_id.into()]);
    }
    (id == MY_GROUPS).then(|| fields.context.groups.to_vec())
}

/// The reference leads to one of the rows or below one. The hierarchy is that of the table it leads to, by its column
/// `parent`, or `manager` for people, whatever hierarchy is named.
fn below<'v>(
    path: Path,
    tops: impl Iterator<Item = &'v str>,
    fields: &mut Fields<'_>,
) -> Result<Predicate, Reason> {
    fields.count_related()?;
    let target = path.column.reference.as_deref();
    let target = target.and_then(|name| fields.dictionary.table(name));
    let table = Arc::clone(target.ok_or(Reason::UnknownTable)?);
    let up = |element: &&str| {
        let column = table.column(element)?;
        let leads_up = column
            .reference
            .as_deref()
            .is_some_and(|name| *table.name() == *name);
        leads_up.then(|| Arc::clone(column))
    };
    let parent = ["parent", "manager"].iter().find_map(up);
    let parent = parent.ok_or(Reason::Inapplicable)?;
    let tops: Vec<Value> = tops
        .map(Value::text)
        .filter(|top| *top != Value::Null)
        .collect();
    if tops.is_empty() {
        return Ok(Predicate::False);
    }
    Ok(Predicate::Below(Box::new(Below {
        path,
        table,
        parent,
        tops,
    })))
}

/// The row's class is the table or extends it; on a column that holds no class this is `=`, as measured (§3.2).
fn instance_of(path: Path, table: &str, dictionary: &Dictionary) -> Predicate {
    if path.column.element != *"sys_class_name" {
        return number::compare(path, Comparison::Equal, table);
    }
    let Some(table) = dictionary.table(table) else {
        return Predicate::False;
    };
    let classes = std::iter::once(table.name()).chain(table.descendants());
    let values = classes.map(Name::as_str).map(Value::from).collect();
    Predicate::In {
        path,
        values,
        negated: false,
    }
}

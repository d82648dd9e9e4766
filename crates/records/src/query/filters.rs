//! `name=value` parameters as a query (§2.2, first row): all must hold, and choices and references may also be given
//! as a person reads them (`state=Closed`, `assigned_to=Beth Anglin`).

use std::sync::Arc;

use super::{
    Comparison, Context, Path, Predicate, Query,
    operators::{compare, one_of},
    resolve::Fields,
    script,
};
use crate::dictionary::{Dictionary, Kind, Table};

/// Makes a query of the parameters whose names are fields; the others, and all `sysparm_*`, mean something else.
#[must_use]
pub fn filter<'p>(
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
    dictionary: &Dictionary,
    table: &Arc<Table>,
    context: &Context<'_>,
) -> Query {
    let mut fields = Fields::new(dictionary, table, context);
    for (name, value) in pairs {
        if name.starts_with("sysparm_") {
            continue;
        }
        if let Some(condition) = condition(&mut fields, name, value) {
            let so_far = std::mem::take(&mut fields.query.predicate);
            fields.query.predicate = so_far.and(condition);
        }
    }
    fields.query
}

fn condition(fields: &mut Fields<'_>, name: &str, value: &str) -> Option<Predicate> {
    let path = fields.walk(name).ok()?;
    let value = script::evaluate(value, fields.context)?;
    let stored = compare(path.clone(), Comparison::Equal, &value);
    if value.is_empty() {
        return Some(stored);
    }
    if !path.column.choices.is_empty() {
        return Some(stored.or(labelled(path, &value)));
    }
    if path.column.kind == Kind::Reference && !is_generated_key(&value) {
        return Some(shown(fields, name, &path, &value).fold(stored, Predicate::or));
    }
    Some(stored)
}

/// 32 hexadecimal digits name nobody, so no join is made to look for them.
fn is_generated_key(value: &str) -> bool {
    value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit())
}

fn labelled(path: Path, label: &str) -> Predicate {
    let column = Arc::clone(&path.column);
    let matching = column
        .choices
        .iter()
        .filter(|choice| choice.label.eq_ignore_ascii_case(label));
    one_of(path, matching.map(|choice| &*choice.value), false)
}

/// The referenced row is called so; a user is also found by user name, as the documentation's example does.
fn shown(
    fields: &mut Fields<'_>,
    name: &str,
    path: &Path,
    value: &str,
) -> impl Iterator<Item = Predicate> {
    let display = fields.shown(path.clone());
    let user_name = fields.walk(&format!("{name}.user_name")).ok();
    [Some(display).filter(|display| display != path), user_name]
        .into_iter()
        .flatten()
        .map(move |path| compare(path, Comparison::Equal, value))
}

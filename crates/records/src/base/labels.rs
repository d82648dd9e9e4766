//! What tables and columns are called, as records of `sys_documentation`.

use std::borrow::Cow;

use super::{Seed, derived_id, restating};
use crate::{Column, Dictionary, Table};

const LABELS: &str = "sys_documentation";

/// Returns the labels of all tables and of the columns that each lists as its own. A new instance starts with those of
/// its tables; for each column as well, it would have twice as much to write.
pub fn labels(dictionary: &Dictionary) -> impl Iterator<Item = Seed> {
    dictionary.tables().flat_map(|table| {
        let of_table = of_table(table.name().to_string(), table.label().to_owned());
        let whole = restating().any(|name| *table.name() == *name);
        let listed = move |column: &Column| whole || column.declared_in == *table.name();
        let columns = table.columns().iter().filter(move |column| listed(column));
        std::iter::once(of_table).chain(columns.map(|column| of_column(table, column)))
    })
}

/// Returns what a table is called, one and many.
pub(super) fn of_table<T: Into<Cow<'static, str>>>(name: T, label: T) -> Seed {
    let (name, label) = (name.into(), label.into());
    let plural = plural(&label);
    Seed::new(LABELS, derived_id(LABELS, &name))
        .with("name", name)
        .with("label", label)
        .with("plural", plural)
}

fn of_column(table: &Table, column: &Column) -> Seed {
    let key = format!("{}.{}", table.name(), column.element);
    Seed::new(LABELS, derived_id(LABELS, &key))
        .with("name", table.name().to_string())
        .with("element", column.element.to_string())
        .with("label", column.label.to_string())
        .with("plural", plural(&column.label))
}

fn plural(label: &str) -> String {
    match label.as_bytes() {
        [] => String::new(),
        [.., before, b'y'] if !b"aeiou".contains(before) => {
            format!("{}ies", &label[..label.len() - 1])
        }
        [.., b's' | b'x'] => format!("{label}es"),
        _ => format!("{label}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base;

    #[test]
    fn tables_and_columns_are_called_by_their_labels() {
        let (dictionary, _) = Dictionary::build(&base::definition());
        let all: Vec<Seed> = labels(&dictionary).collect();
        let label = |name: &str, element: &str| {
            let mut found = all
                .iter()
                .filter(|seed| seed.value("name") == name && seed.value("element") == element);
            let label = found.next().map(|seed| seed.value("label"));
            assert_eq!(found.next(), None, "{name}.{element} has one label");
            label
        };
        for (name, element, expected) in [
            ("incident", "", Some("Incident")),
            ("task", "state", Some("State")),
            ("incident", "state", Some("State")),
            ("incident", "sys_created_on", Some("Created")),
            ("change_task", "state", None),
        ] {
            assert_eq!(label(name, element), expected, "{name}.{element}");
        }
        let started = base::records();
        let tables = started.iter().filter(|seed| seed.table == LABELS);
        for seed in tables {
            assert!(all.contains(seed), "{seed:?}");
        }
    }
}

//! Operators that know the hierarchy of tables.

use super::{ALL, Lower, Operator, Referenced, number};
use crate::{
    dictionary::Dictionary,
    name::Name,
    query::{Comparison, Path, Predicate},
    value::Value,
};

pub(super) const ROWS: &[Operator] = &[Operator {
    spellings: &["INSTANCEOF"],
    applies_to: ALL,
    referenced: Referenced::Key,
    lower: Lower::Table(instance_of),
    example: "sys_class_nameINSTANCEOFtask",
}];

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

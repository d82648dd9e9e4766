//! Tags (§3.2): `sys_tags.<tag>=<tag>` has a row of `label_entry`, and `DOESNOTHAVE` has none.

use std::sync::Arc;

use super::{
    Comparison, Path, Predicate, operators,
    path::Joins,
    related::Related,
    resolve::{Fields, Reason},
    script,
};
use crate::value::Value;

impl Fields<'_> {
    /// Reads a condition on a tag; `None` if it is something else.
    pub(super) fn tag_term(&mut self, term: &str) -> Option<Result<Predicate, Reason>> {
        let split = operators::split(term);
        let tag = split.field.strip_prefix("sys_tags.")?;
        let has = match split.operator?.spelling() {
            "=" | "ISNOTEMPTY" => true,
            "DOESNOTHAVE" | "!=" | "ISEMPTY" => false,
            _ => return Some(Err(Reason::Inapplicable)),
        };
        let value = match script::evaluate(split.value, self.context) {
            None => return Some(Err(Reason::Script)),
            Some(value) if value.is_empty() => tag.into(),
            Some(value) => value,
        };
        Some(self.tagged(&value, has).ok_or(Reason::UnknownField))
    }

    fn tagged(&mut self, tag: &str, has: bool) -> Option<Predicate> {
        self.count_related().ok()?;
        let entries = Arc::clone(self.dictionary.table("label_entry")?);
        let path = |element: &str| {
            let column = Arc::clone(entries.column(element)?);
            Some(Path { table: 0, column })
        };
        let of = Path {
            table: 0,
            column: Arc::clone(self.table.column("sys_id")?),
        };
        let label = Predicate::Compare(path("label")?, Comparison::Equal, Value::text(tag));
        Some(Predicate::Related(Box::new(Related {
            content_of: Some(of.clone()),
            of,
            joins: Joins::default(),
            key: path("table_key")?,
            predicate: label,
            comparison: if has {
                Comparison::Greater
            } else {
                Comparison::Equal
            },
            count: 0,
            table: entries,
        })))
    }
}

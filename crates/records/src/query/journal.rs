//! Conditions on journals (§13.6): the column holds nothing itself, its entries are rows of `sys_journal_field`.

use std::sync::Arc;

use super::{
    Comparison, Match, Path, Predicate,
    operators::Operator,
    path::Joins,
    related::Related,
    resolve::{Fields, Reason},
    script,
};
use crate::{
    dictionary::{Column, Journal, Kind, Table},
    value::Value,
};

/// What an operator asks of the entries, and whether one must or none may have it.
enum Asked {
    Any,
    Text(Match),
    Equal,
}

impl Fields<'_> {
    /// Lowers a condition on a journal column.
    pub(super) fn journal(
        &mut self,
        path: &Path,
        operator: &Operator,
        value: &str,
    ) -> Result<Predicate, Reason> {
        let (asked, some) = match operator.spelling() {
            "ANYTHING" => return Ok(Predicate::True),
            "ISNOTEMPTY" => (Asked::Any, true),
            "ISEMPTY" | "EMPTYSTRING" => (Asked::Any, false),
            "LIKE" => (Asked::Text(Match::Contains), true),
            "NOT LIKE" | "DOES NOT CONTAIN" => (Asked::Text(Match::Contains), false),
            "STARTSWITH" => (Asked::Text(Match::StartsWith), true),
            "ENDSWITH" => (Asked::Text(Match::EndsWith), true),
            "=" => (Asked::Equal, true),
            "!=" => (Asked::Equal, false),
            _ => return Err(Reason::Inapplicable),
        };
        let text = script::evaluate(value, self.context).ok_or(Reason::Script)?;
        self.entries(path, &asked, &text, some)
            .ok_or(Reason::Unqueryable)
    }

    /// The entries of a row contain a text; part of a search.
    pub(super) fn journal_contains(&mut self, path: &Path, text: &str) -> Option<Predicate> {
        self.entries(path, &Asked::Text(Match::Contains), text, true)
    }

    fn entries(&mut self, path: &Path, asked: &Asked, text: &str, some: bool) -> Option<Predicate> {
        self.count_related().ok()?;
        let entries = Arc::clone(self.dictionary.table("sys_journal_field")?);
        let owner = self.table_of(path)?;
        let of = Path {
            table: path.table,
            column: Arc::clone(owner.column("sys_id")?),
        };
        let at = |element: &str| {
            let column = Arc::clone(entries.column(element)?);
            Some(Path { table: 0, column })
        };
        let value = at("value")?;
        let condition = match asked {
            Asked::Any => Predicate::True,
            Asked::Text(at) => Predicate::Like {
                path: value,
                at: *at,
                text: text.into(),
                negated: false,
            },
            Asked::Equal => Predicate::Compare(value, Comparison::Equal, Value::text(text)),
        };
        let (element, key) = (at("element")?, at("element_id")?);
        let (comparison, count) = if some {
            (Comparison::Greater, 0)
        } else {
            (Comparison::Equal, 0)
        };
        let of_column = |column: &Arc<Column>| {
            let name = Value::text(&column.element);
            let of_journal = Predicate::Compare(element.clone(), Comparison::Equal, name);
            Predicate::Related(Box::new(Related {
                of: of.clone(),
                table: Arc::clone(&entries),
                joins: Joins::default(),
                key: key.clone(),
                predicate: of_journal.and(condition.clone()),
                comparison,
                count,
                content_of: Some(Path {
                    table: path.table,
                    column: Arc::clone(column),
                }),
            }))
        };
        let parts = parts(&path.column, &owner);
        Some(if parts.len() == 1 {
            of_column(&path.column)
        } else if some {
            Predicate::Search(parts.iter().map(of_column).collect())
        } else {
            // Nobody learns from this what a closed part holds: every part must be readable.
            let every = parts.iter().map(of_column);
            every.fold(Predicate::True, Predicate::and)
        })
    }

    fn table_of(&self, path: &Path) -> Option<Arc<Table>> {
        match path.table.checked_sub(1) {
            None => Some(Arc::clone(self.table)),
            Some(at) => Some(Arc::clone(&self.query.joins.as_slice().get(at)?.table)),
        }
    }
}

/// A merged journal is all that people write; any other is itself.
fn parts(column: &Arc<Column>, table: &Table) -> Vec<Arc<Column>> {
    if &*column.internal_type != "journal_list" {
        return vec![Arc::clone(column)];
    }
    let written = |column: &&Arc<Column>| column.kind == Kind::Journal(Journal::Input);
    table.columns().iter().filter(written).cloned().collect()
}

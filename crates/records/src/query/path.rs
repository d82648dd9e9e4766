//! Dot-walking: `caller_id.department.name` as a column at the end of a chain of joins (§3.3).

use std::sync::Arc;

use crate::dictionary::{Column, Dictionary, Kind, Table};

/// A column, and the table of the query it is read from.
#[derive(Debug, Clone)]
pub struct Path {
    /// 0 is the queried table, `n` the `n`th of [`Joins`].
    pub table: usize,
    /// The column.
    pub column: Arc<Column>,
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table && Arc::ptr_eq(&self.column, &other.column)
    }
}

/// One step through a reference.
#[derive(Debug, Clone)]
pub struct Join {
    /// The reference that is followed.
    pub from: Path,
    /// Where it leads.
    pub table: Arc<Table>,
}

/// The joins of a query, each reference once however often it is walked.
#[derive(Debug, Clone, Default)]
pub struct Joins(Vec<Join>);

impl Joins {
    /// Returns the joins in the order they must be made.
    #[must_use]
    pub fn as_slice(&self) -> &[Join] {
        &self.0
    }

    /// Follows a dotted path from `table` and returns the column it ends at, adding the joins it needs;
    /// `None`, and no change, when a step does not exist or is no reference.
    pub fn walk(
        &mut self,
        dictionary: &Dictionary,
        table: &Arc<Table>,
        dotted: &str,
    ) -> Option<Path> {
        let before = self.0.len();
        let found = self
            .try_walk(dictionary, table, dotted)
            .filter(|_| self.0.len() <= MOST);
        if found.is_none() {
            self.0.truncate(before);
        }
        found
    }

    /// Returns the path of the display value of the row that a reference points to.
    pub fn display(&mut self, dictionary: &Dictionary, reference: &Path) -> Option<Path> {
        let target = dictionary.table(reference.column.reference.as_deref()?)?;
        let column = Arc::clone(target.display()?);
        Some(Path {
            table: self.step(reference, target),
            column,
        })
    }

    fn try_walk(
        &mut self,
        dictionary: &Dictionary,
        table: &Arc<Table>,
        dotted: &str,
    ) -> Option<Path> {
        let (mut at, mut table) = (0, Arc::clone(table));
        let mut steps = dotted.split('.').peekable();
        loop {
            let column = Arc::clone(table.column(steps.next()?)?);
            let path = Path { table: at, column };
            if steps.peek().is_none() {
                return Some(path);
            }
            if path.column.kind != Kind::Reference {
                return None;
            }
            let target = dictionary.table(path.column.reference.as_deref()?)?;
            let class = steps.peek().and_then(|step| step.strip_prefix("ref_"));
            let class = class.filter(|class| target.column(&format!("ref_{class}")).is_none());
            let target = match class {
                // §3.3: what the reference names, if it is a row of this class.
                Some(class) if target.includes(class) => {
                    steps.next();
                    dictionary.table(class)?
                }
                _ => target,
            };
            at = self.step(&path, target);
            table = Arc::clone(target);
            steps.peek()?;
        }
    }

    /// Returns the index of the table behind a reference, joining it if no path has yet.
    pub(crate) fn step(&mut self, from: &Path, target: &Arc<Table>) -> usize {
        let known = |join: &Join| join.from == *from && Arc::ptr_eq(&join.table, target);
        if let Some(at) = self.0.iter().position(known) {
            return at + 1;
        }
        self.0.push(Join {
            from: from.clone(),
            table: Arc::clone(target),
        });
        self.0.len()
    }
}

/// Joins of one query; a path beyond them counts as unknown. SQLite takes 64 tables.
const MOST: usize = 40;

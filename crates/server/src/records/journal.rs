//! Journal columns as a person reads them (`rest-and-records.md` §13.6): what was written, newest first.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_records::{
    Column, Table, ValueRef,
    dictionary::{Journal, Kind},
    display::{self, Format},
    plan::{Output, Plan},
    query::Path,
};
use snowglobe_store::{
    backend::StoreError,
    records::{Entry, Journals},
    sql::Rows,
};

use super::Session;

/// What the journal columns of a page show.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// For each output that is a journal, the columns whose entries it shows.
    shown: HashMap<usize, Vec<Arc<Column>>>,
    journals: Journals,
    /// The column that says when an entry was written.
    written: Option<Arc<Column>>,
}

/// An entry of a journal as a person reads it.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) label: String,
    pub(crate) author: String,
    pub(crate) at: String,
    pub(crate) text: String,
}

impl History {
    /// Reads the entries for the rows of a page.
    pub(crate) async fn read(
        session: &Session,
        plan: &Plan,
        rows: &Rows,
    ) -> Result<Self, StoreError> {
        let outputs = plan.outputs.iter().enumerate();
        let shown: HashMap<usize, Vec<Arc<Column>>> = outputs
            .filter(|(_, output)| matches!(output.path.column.kind, Kind::Journal(_)))
            .map(|(at, output)| (at, shown_by(session, plan, output)))
            .collect();
        let records: HashSet<&str> = rows
            .iter()
            .flat_map(|row| shown.keys().filter_map(move |at| row.get(*at).as_text()))
            .collect();
        if records.is_empty() {
            return Ok(Self::default());
        }
        let columns = shown.values().flatten();
        let elements = columns.map(|column| column.element.as_str()).collect();
        let dictionary = &session.dictionary;
        let written = dictionary
            .table("sys_journal_field")
            .and_then(|table| table.column("sys_created_on"))
            .map(Arc::clone);
        let journals = session
            .app
            .store
            .journals(dictionary, &records, &elements)
            .await?;
        Ok(Self {
            shown,
            journals,
            written,
        })
    }

    /// Returns the entries of the one record of a plan, newest first: those that its merged journal shows, or all
    /// that its journals do where it has none.
    pub(crate) fn written(&self, plan: &Plan, sys_id: &str, format: &Format) -> Vec<Written> {
        let is_merged = |at: &&usize| {
            let output = plan.outputs.get(**at);
            output.is_some_and(|output| &*output.path.column.internal_type == "journal_list")
        };
        let merged = self.shown.keys().find(is_merged);
        let columns: Vec<&Arc<Column>> = match merged {
            Some(at) => self.shown.get(at).into_iter().flatten().collect(),
            None => self.shown.values().flatten().collect(),
        };
        let entry = |entry: &Entry| {
            let column = columns
                .iter()
                .find(|column| column.element == *entry.element)?;
            let mut at = String::new();
            let written = self.written.as_ref()?;
            display::display(written, ValueRef::Text(&entry.created_on), format, &mut at);
            Some(Written {
                label: column.label.to_string(),
                author: entry.author.to_string(),
                text: entry.text.to_string(),
                at,
            })
        };
        self.journals.of(sys_id).iter().filter_map(entry).collect()
    }

    /// Appends the entries of a record that an output shows, each as
    /// `yyyy-MM-dd HH:mm:ss - Full Name (Work notes)\n<text>\n\n`.
    pub(crate) fn push(&self, output: usize, sys_id: &str, format: &Format, out: &mut String) {
        let columns = self.shown.get(&output).map_or(&[][..], Vec::as_slice);
        for entry in self.journals.of(sys_id) {
            let column = columns
                .iter()
                .find(|column| column.element == *entry.element);
            let (Some(column), Some(written)) = (column, &self.written) else {
                continue;
            };
            display::display(written, ValueRef::Text(&entry.created_on), format, out);
            for part in [
                " - ",
                &entry.author,
                " (",
                &column.label,
                ")\n",
                &entry.text,
                "\n\n",
            ] {
                out.push_str(part);
            }
        }
    }
}

/// A merged journal shows those of its parts that the caller may read; any other shows itself.
fn shown_by(session: &Session, plan: &Plan, output: &Output) -> Vec<Arc<Column>> {
    let Path { table, column } = &output.path;
    if &*column.internal_type != "journal_list" {
        return vec![Arc::clone(column)];
    }
    let context = session.context();
    let access = session.access(&context);
    let readable = |column: &Arc<Column>| {
        let path = Path {
            table: *table,
            column: Arc::clone(column),
        };
        access.may_read_path(&plan.table, &plan.joins, &path)
    };
    let written = |column: &&Arc<Column>| column.kind == Kind::Journal(Journal::Input);
    let columns = table_of(plan, *table).map_or(&[][..], |table| table.columns());
    columns
        .iter()
        .filter(written)
        .filter(|column| readable(column))
        .map(Arc::clone)
        .collect()
}

/// The table that a path ends in.
fn table_of(plan: &Plan, at: usize) -> Option<&Table> {
    match at.checked_sub(1) {
        None => Some(&plan.table),
        Some(join) => plan.joins.as_slice().get(join).map(|join| &*join.table),
    }
}

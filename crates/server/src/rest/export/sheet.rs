//! The rows of an export, before they take a form.

use std::sync::Arc;

use snowglobe_records::{
    Column, Table,
    acl::Permitted,
    dictionary::Kind,
    plan::{Plan, Window},
    query::Query,
};
use snowglobe_store::{
    records::{Displays, Page},
    sql::Row,
};

use super::Format;
use crate::{
    error::RestError,
    pages::console::list_columns,
    records::{self, History, Reader, Session},
    rest::params::{DisplayMode, pairs},
};

/// What the parameters ask for.
pub(super) struct Asked {
    pub(super) query: Option<String>,
    pub(super) fields: Option<String>,
    sys_id: Option<String>,
    all: bool,
    display: DisplayMode,
    limit: u32,
    offset: u64,
}

impl Asked {
    /// Reads parameters; there are `most` rows, or as many as `sysparm_record_count` says if that is less.
    pub(super) fn read(query: &str, most: u32) -> Self {
        let named = |wanted: &str| {
            let found = pairs(query).find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        let count = named("sysparm_record_count").or_else(|| named("sysparm_limit"));
        let count = count.and_then(|count| count.trim().parse::<u32>().ok());
        let offset = named("sysparm_offset").and_then(|at| at.trim().parse().ok());
        let display = named("displayvalue").unwrap_or_default();
        Self {
            query: named("sysparm_query"),
            fields: named("sysparm_fields").filter(|fields| !fields.trim().is_empty()),
            sys_id: named("sys_id").or_else(|| named("sysparm_sys_id")),
            all: named("sysparm_default_export_fields").as_deref() == Some("all"),
            display: match &*display.to_ascii_lowercase() {
                "true" => DisplayMode::Display,
                "all" => DisplayMode::All,
                _ => DisplayMode::Value,
            },
            limit: count.map_or(most, |count| count.min(most)),
            offset: offset.unwrap_or(0),
        }
    }

    /// Returns the encoded query; `sys_id` names one row, as the path of its form does.
    pub(super) fn text(&self) -> String {
        match (&self.query, &self.sys_id) {
            (Some(query), _) => query.clone(),
            (None, Some(sys_id)) => format!("sys_id={sys_id}"),
            (None, None) => String::new(),
        }
    }

    pub(super) fn display(&self) -> DisplayMode {
        self.display
    }
}

/// What is exported.
pub(super) struct Sheet {
    pub(super) plan: Permitted<Plan>,
    page: Page,
    displays: Displays,
    history: History,
}

/// A cell with both its faces.
pub(super) struct Cell<'s> {
    sheet: &'s Sheet,
    row: Row<'s>,
    at: usize,
}

impl Sheet {
    pub(super) async fn read(
        session: &Session,
        table: &Arc<Table>,
        query: Query,
        (asked, format): (&Asked, Format),
    ) -> Result<Self, RestError> {
        let window = Window {
            limit: asked.limit,
            offset: asked.offset,
        };
        let fields = asked.fields.as_deref();
        let whole = asked.all || (format == Format::Xml && fields.is_none());
        let names: Option<Vec<&str>> = fields.map(|fields| fields.split(',').collect());
        let columns = list_columns(table, None);
        let shown = || columns.iter().map(|column| column.element.as_str());
        let names = names.or_else(|| (!whole).then(|| shown().collect()));
        let names = names.map(|names| names.into_iter().map(str::trim));
        let plan = Plan::new(&session.dictionary, table, query, names, window);
        let plan = records::permit(session, plan)?;
        let store = &session.app.store;
        let page = store.read(&plan).await?;
        let dictionary = &session.dictionary;
        let displays = store.displays(dictionary, &plan.outputs, &page.rows);
        Ok(Self {
            displays: displays.await?,
            history: History::read(session, &plan, &page.rows).await?,
            plan,
            page,
        })
    }

    /// Returns the keys of the columns.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.plan.outputs.iter().map(|output| &*output.key)
    }

    /// Returns the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.plan.outputs.iter().map(|output| &*output.path.column)
    }

    /// Returns the rows, each with its cells in the order of the columns.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = Cell<'_>>> {
        self.page.rows.iter().map(move |row| {
            let cells = 0..self.plan.outputs.len();
            cells.map(move |at| Cell {
                sheet: self,
                row,
                at,
            })
        })
    }

    pub(super) fn reader<'a>(&'a self, session: &'a Session) -> Reader<'a> {
        session.reader(&self.displays)
    }
}

impl Cell<'_> {
    /// Returns what is stored.
    pub(super) fn value(&self) -> String {
        let mut text = String::new();
        if let Some(output) = self.sheet.plan.outputs.get(self.at) {
            output
                .path
                .column
                .kind
                .write(self.row.get(self.at), &mut text);
        }
        text
    }

    /// Returns what people see.
    pub(super) fn shown(&self, reader: &Reader<'_>) -> String {
        let Some(output) = self.sheet.plan.outputs.get(self.at) else {
            return String::new();
        };
        let column = &output.path.column;
        if let Kind::Journal(_) = column.kind {
            let mut text = String::new();
            let key = self.row.text(self.at);
            self.sheet
                .history
                .push(self.at, key, reader.format, &mut text);
            return text;
        }
        reader.text(column, self.row.get(self.at))
    }
}

//! Attachments as JSON: their record, and where the file is.

use std::sync::Arc;

use axum::http::Uri;
use snowglobe_records::{
    Table,
    acl::Permitted,
    plan::{Plan, Window},
    query::{Comparison, Path, Predicate, Query},
};
use snowglobe_store::{
    records::{Displays, Page},
    sql::Row,
};

use super::target::{self, Targets};
use crate::{
    error::RestError,
    records::{self, History, Reader, Session},
    rest::{
        body::{Presenter, push_string},
        params::DisplayMode,
    },
};

/// A page of attachments, without those that hang on hidden records.
pub(super) struct Attachments {
    plan: Permitted<Plan>,
    page: Page,
    visible: Vec<bool>,
}

impl Attachments {
    /// Reads the attachments that a query selects.
    pub(super) async fn read(
        session: &Session,
        query: Query,
        window: Window,
        count: bool,
    ) -> Result<Self, RestError> {
        let table = table(session)?;
        let every_field = None::<std::iter::Empty<&str>>;
        let mut plan = Plan::new(&session.dictionary, &table, query, every_field, window);
        plan.count = count;
        let plan = records::permit(session, plan)?;
        let page = session.app.store.read(&plan).await?;
        let cell = |row: Row<'_>, element| -> String {
            let at = plan
                .outputs
                .iter()
                .position(|output| &*output.key == element);
            at.map_or("", |at| row.text(at)).to_owned()
        };
        let of: Vec<(String, String)> = page
            .rows
            .iter()
            .map(|row| (cell(row, "table_name"), cell(row, "table_sys_id")))
            .collect();
        let mut targets = Targets::new();
        for (table, sys_id) in &of {
            targets.entry(table).or_default().insert(sys_id);
        }
        let readable = target::readable(session, targets).await?;
        let visible = of
            .iter()
            .map(|(_, sys_id)| readable.contains(&sys_id.to_ascii_lowercase()))
            .collect();
        Ok(Self {
            plan,
            page,
            visible,
        })
    }

    /// Reads one attachment.
    pub(super) async fn one(session: &Session, sys_id: &str) -> Result<Self, RestError> {
        if sys_id.is_empty() || sys_id.contains('\0') {
            return Err(RestError::NoRecord);
        }
        let column = table(session)?.column("sys_id").map(Arc::clone);
        let column = column.ok_or(RestError::Internal)?;
        let query = Query {
            predicate: Predicate::Compare(
                Path { table: 0, column },
                Comparison::Equal,
                sys_id.into(),
            ),
            ..Query::default()
        };
        let single = Window {
            limit: 1,
            offset: 0,
        };
        Self::read(session, query, single, false).await
    }

    /// Returns how many match, if they were counted.
    pub(super) fn total(&self) -> Option<u64> {
        self.page.total
    }

    /// Returns a field of the first one in its wire form.
    pub(super) fn first(&self, element: &str) -> Result<String, RestError> {
        let row = self.rows().next().ok_or(RestError::NoRecord)?;
        let mut text = String::new();
        let outputs = self.plan.outputs.iter().enumerate();
        for (at, output) in outputs.filter(|(_, output)| &*output.key == element) {
            output.path.column.kind.write(row.get(at), &mut text);
        }
        Ok(text)
    }

    /// Returns `{"result":[…]}`.
    pub(super) fn list(&self, session: &Session, uri: &Uri) -> String {
        let mut out = String::from("{\"result\":[");
        for (at, row) in self.rows().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.push(session, uri, row, &mut out);
        }
        out.push_str("]}");
        out
    }

    /// Returns the first one as an object.
    pub(super) fn object(&self, session: &Session, uri: &Uri) -> Result<String, RestError> {
        let row = self.rows().next().ok_or(RestError::NoRecord)?;
        let mut out = String::new();
        self.push(session, uri, row, &mut out);
        Ok(out)
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.page.rows.iter().zip(&self.visible);
        rows.filter(|(_, visible)| **visible).map(|(row, _)| row)
    }

    fn push(&self, session: &Session, uri: &Uri, row: Row<'_>, out: &mut String) {
        let (displays, history) = (Displays::default(), History::default());
        let presenter = Presenter {
            reader: Reader {
                dictionary: &session.dictionary,
                displays: &displays,
                format: &session.user.format,
            },
            outputs: &self.plan.outputs,
            mode: DisplayMode::Value,
            exclude_reference_link: true,
            links: session.links(uri),
            history: &history,
            told_once: None,
        };
        out.push('{');
        presenter.push_members(row, out);
        let sys_id = self
            .plan
            .outputs
            .iter()
            .position(|output| &*output.key == "sys_id");
        if let Some(at) = sys_id {
            let link = format!(
                "{}/api/now/attachment/{}/file",
                session.app.issuer,
                row.text(at)
            );
            out.push_str(",\"download_link\":");
            push_string(&link, out);
        }
        out.push('}');
    }
}

/// The table of all attachments.
pub(super) fn table(session: &Session) -> Result<Arc<Table>, RestError> {
    session.table("sys_attachment")
}

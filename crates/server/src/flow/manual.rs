//! A flow that somebody starts by hand: *Run now* on its form, `POST /api/sn_broker/flow/{flow}/run`, `snowglobe flow run`.

use std::collections::BTreeMap;

use serde::Deserialize;
use snowglobe_oauth::outbound::flow::{Flow, Start};
use snowglobe_records::SysId;
use snowglobe_store::{FlowUnknown, backend::ApplyError};

use crate::records::{self, RecordError, Session};

/// What it starts from: a record, values in place of its fields, or nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Manual {
    table: String,
    sys_id: String,
    /// `trigger.<name>`; they win over the record's.
    values: BTreeMap<Box<str>, Box<str>>,
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartFault {
    #[error(transparent)]
    Flow(#[from] FlowUnknown),
    #[error("the flow is not active")]
    Inactive,
    #[error("the user whose rights its steps have is gone or inactive")]
    User,
    #[error("there is no table \u{201c}{0}\u{201d}")]
    Table(String),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Store(#[from] ApplyError),
}

impl StartFault {
    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Flow(FlowUnknown::Missing) => "flow_not_found",
            Self::Flow(FlowUnknown::Ambiguous) => "flow_ambiguous",
            Self::Inactive => "flow_inactive",
            Self::User => "flow_user_missing",
            Self::Table(_) => "flow_table_unknown",
            Self::Record(fault) => super::record::code(fault),
            Self::Store(_) => "unavailable",
        }
    }
}

/// Starts a flow, and returns the key of its run. The record is one that the caller may read.
pub(crate) async fn start(
    session: &Session,
    flow: &Flow,
    manual: Manual,
) -> Result<SysId, StartFault> {
    if !flow.active {
        return Err(StartFault::Inactive);
    }
    let mut start = Start {
        flow: flow.sys_id.clone(),
        operation: "manual".into(),
        ..Start::default()
    };
    if !manual.table.is_empty() {
        let table = session.dictionary.table(&manual.table);
        let table = table.ok_or(StartFault::Table(manual.table))?;
        let context = session.context();
        let access = session.access(&context);
        let row = records::row(session, &access, table, &manual.sys_id).await?;
        start.table = row.table().name().as_str().into();
        start.record = row.sys_id().as_str().into();
        start.values = row.texts().into_iter().collect();
    }
    start.values.extend(manual.values);
    let store = &session.app.store;
    let started = store
        .start_flow((&flow.name, &start), &session.stamp())
        .await;
    Ok(started?)
}

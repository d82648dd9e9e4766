//! Runs begin: with the write that causes them, when their time has come, or because somebody says so.

use snowglobe_oauth::{outbound::flow::Start, time::UnixMillis};
use snowglobe_records::{
    Dictionary, SysId, Table,
    write::{Draft, Fired, Mode, Origin, Stamp, insert},
};

use crate::{
    Store,
    backend::ApplyError,
    records::insert_row,
    sql::Batch,
    work::{Work, WorkKind, push_work},
};

/// A flow that causes itself, by whatever way round, ends here.
const DEEPEST: u8 = 5;

impl Store {
    /// Adds the runs of the flows that a write starts to the write.
    pub(crate) fn push_runs(
        &self,
        dictionary: &Dictionary,
        fired: &Fired,
        (table, record, operation): (&Table, SysId, &str),
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        for (flow, name) in &fired.flows {
            let start = Start {
                flow: flow.clone(),
                table: table.name().as_str().into(),
                record: record.as_str().into(),
                operation: operation.into(),
                depth: fired.depth,
                values: fired.row.iter().cloned().collect(),
            };
            self.push_run(dictionary, (name, &start), stamp, batch);
        }
    }

    /// Adds a run, and returns its key.
    pub(super) fn push_run(
        &self,
        dictionary: &Dictionary,
        (name, start): (&str, &Start),
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> SysId {
        let now = UnixMillis(stamp.now.as_millisecond());
        let sys_id = self.ids.record(now);
        let Some(table) = dictionary.table("sys_flow_context") else {
            return sys_id;
        };
        let deep = start.depth >= DEEPEST;
        let depth = start.depth.to_string();
        let mut values = vec![
            ("name", name),
            ("flow", &*start.flow),
            ("source_table", &*start.table),
            ("source_record", &*start.record),
            ("operation", &*start.operation),
            ("depth", &*depth),
        ];
        if deep {
            values.extend([("state", "ERROR"), ("reason", "flow_too_deep")]);
        }
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(dictionary, table, values, mode);
        batch.push(insert_row(insert::prepare(draft, sys_id, stamp)));
        if !deep {
            push_work((WorkKind::FlowRun, sys_id), &start.to_json(), now, batch);
        }
        sys_id
    }

    /// Starts a flow because somebody says so; the run is on disk when this returns, and made as soon as may be.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn start_flow(
        &self,
        (name, start): (&str, &Start),
        stamp: &Stamp<'_>,
    ) -> Result<SysId, ApplyError> {
        let mut batch = Batch::default();
        let sys_id = self.push_run(&self.dictionary(), (name, start), stamp, &mut batch);
        self.backend.apply(batch).await?;
        self.work_bell.notify_one();
        Ok(sys_id)
    }

    /// Returns what a run starts from; `None` if that cannot be read.
    #[must_use]
    pub fn run_start(&self, work: &Work) -> Option<Start> {
        Start::parse(&work.input)
    }
}

//! Running flows: each step begins and ends on disk, so that a run goes on where a crash left it.
//!
//! ```text
//! work ── start, steps so far ──▶ Data ── next step: begin │ carry out │ end ──▶ … ──▶ COMPLETE | ERROR | WAITING
//! ```
//! A step that a crash interrupted is carried out again: calls carry an idempotency key, and a record that is made has a
//! key that comes from the run and the step, so it is made once.

mod manual;
mod record;
mod rest;

use std::sync::Arc;

use serde_json::{Map, Value};
use snowglobe_oauth::outbound::flow::{Data, Flow, FlowFault, FlowStep, Start, StepKind};
use snowglobe_store::{RunEnd, RunStep, StepNote, Work, backend::ApplyError};

use crate::{
    app::App,
    broker::{CallFault, after},
    records::{RecordError, Session},
};

pub(crate) use manual::{Manual, StartFault, start};

/// What a step works with.
struct Around<'a> {
    app: &'a App,
    session: &'a Session,
    start: &'a Start,
    data: &'a Data,
    /// Names the run and the step, and nothing else does.
    key: String,
}

/// What came of a step.
#[derive(Debug, Default)]
struct Outcome {
    /// What later steps know of it.
    output: Vec<(Box<str>, String)>,
    /// Of an API's answer.
    status: u16,
    /// Why it failed.
    fault: Option<(&'static str, String)>,
    /// Seconds after which it is tried again.
    again: Option<u32>,
}

/// Why a step cannot be carried out.
#[derive(Debug, thiserror::Error)]
enum StepFault {
    #[error(transparent)]
    Flow(#[from] FlowFault),
    #[error(transparent)]
    Call(#[from] CallFault),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("there is no table “{0}”, or nothing is made in it")]
    Table(String),
}

impl StepFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Flow(fault) => fault.code(),
            Self::Call(fault) => fault.code(),
            Self::Record(fault) => record::code(fault),
            Self::Table(_) => "flow_table_unknown",
        }
    }
}

/// Carries out a run that was taken up.
pub(crate) async fn perform(app: &App, work: &Work) -> Result<(), ApplyError> {
    match run(app, work).await {
        // Somebody took it up while this process was away; theirs is the last word.
        Err(ApplyError::Conflict) => Ok(()),
        other => other,
    }
}

async fn run(app: &App, work: &Work) -> Result<(), ApplyError> {
    let end = |end: RunEnd<'static>| app.store.end_run(work, end, app.now());
    let Some(start) = app.store.run_start(work) else {
        return end(RunEnd::Error("flow_unknown", "what it starts from is lost")).await;
    };
    let flows = app.store.flows();
    let Some(flow) = flows.flow(&start.flow) else {
        return end(RunEnd::Error("flow_unknown", "the flow is gone")).await;
    };
    let user = app.store.user_by_sys_id(&flow.run_as).await?;
    let Some(user) = user.filter(|user| user.account.active) else {
        let why = "the user whose rights it has is gone or inactive";
        return end(RunEnd::Error("flow_user_missing", why)).await;
    };
    let session = Session::of(app.clone(), user);
    let going = Going {
        app,
        work,
        flow,
        session,
        start,
    };
    going.on().await
}

/// A run that goes on.
struct Going<'a> {
    app: &'a App,
    work: &'a Work,
    flow: &'a Flow,
    session: Session,
    start: Start,
}

impl Going<'_> {
    async fn on(&self) -> Result<(), ApplyError> {
        let mut data = self.start.data(&self.work.id);
        let so_far = self.app.store.run_steps(&self.work.id).await?;
        for step in &self.flow.steps {
            let before = so_far.iter().find(|it| *it.step == *step.sys_id);
            match before.filter(|it| matches!(&*it.state, "done" | "failed")) {
                Some(over) => learn(&mut data, step, &over.output),
                None => match self.step(step, before, &data).await? {
                    Some(output) => learn(&mut data, step, &output),
                    None => return Ok(()),
                },
            }
        }
        self.app
            .store
            .end_run(self.work, RunEnd::Complete, self.app.now())
            .await
    }

    /// Carries a step out, and returns what is known of it then; nothing, if the run does not go on now.
    async fn step(
        &self,
        step: &FlowStep,
        before: Option<&RunStep>,
        data: &Data,
    ) -> Result<Option<String>, ApplyError> {
        let store = &self.app.store;
        let attempts = before.map_or(0, |it| it.attempts).saturating_add(1);
        let note = StepNote {
            step: &step.sys_id,
            name: &step.name,
            order: step.order,
            state: "running",
            attempts,
            reason: "",
            detail: "",
            status: 0,
            output: "",
        };
        let begins = (RunEnd::GoesOn, self.app.now());
        store.note_step(self.work, &note, begins).await?;
        let around = Around {
            app: self.app,
            session: &self.session,
            start: &self.start,
            data,
            key: format!("{}.{}", self.work.id, step.sys_id),
        };
        let began = before.map_or(self.app.now(), |it| it.began);
        let outcome = carry_out(&around, step, (attempts, began)).await;
        let outcome = outcome.unwrap_or_else(|fault| Outcome {
            fault: Some((fault.code(), fault.to_string())),
            ..Outcome::default()
        });
        let now = self.app.now();
        let output = told(&outcome);
        let (reason, detail) = match &outcome.fault {
            Some((code, why)) => (*code, &**why),
            None => ("", ""),
        };
        let (state, end) = match (outcome.again, reason) {
            (Some(seconds), _) => ("waiting", RunEnd::Waits(after(now, seconds))),
            (None, "") => ("done", RunEnd::GoesOn),
            (None, _) if step.goes_on => ("failed", RunEnd::GoesOn),
            (None, _) => ("failed", RunEnd::Error(reason, detail)),
        };
        let note = StepNote {
            state,
            reason,
            detail,
            status: outcome.status,
            output: &output,
            ..note
        };
        store.note_step(self.work, &note, (end, now)).await?;
        Ok(matches!(end, RunEnd::GoesOn).then_some(output))
    }
}

async fn carry_out(
    around: &Around<'_>,
    step: &FlowStep,
    turn: (u32, snowglobe_oauth::time::UnixMillis),
) -> Result<Outcome, StepFault> {
    match &step.kind {
        StepKind::RestByAlias { .. } | StepKind::RestMessage { .. } => {
            rest::carry_out(around, step, turn).await
        }
        StepKind::CreateRecord { table, values } => record::create(around, table, values).await,
        StepKind::UpdateRecord {
            table,
            record,
            values,
        } => record::update(around, (table, record), values).await,
        StepKind::Unknown(kind) => Err(FlowFault::Kind(kind.clone()).into()),
    }
}

fn told(outcome: &Outcome) -> String {
    let status = (outcome.status > 0).then(|| ("status_code".into(), outcome.status.to_string()));
    let all = outcome.output.iter().cloned().chain(status);
    let map: Map<String, Value> = all
        .map(|(name, text): (Box<str>, String)| (name.into(), text.into()))
        .collect();
    Value::from(map).to_string()
}

fn learn(data: &mut Data, step: &FlowStep, output: &str) {
    let known: Map<String, Value> = serde_json::from_str(output).unwrap_or_default();
    for (name, value) in &known {
        data.set(&step.name, name, value.as_str().unwrap_or_default());
    }
}

/// The table of this name, as far as the run's user knows it.
fn table(around: &Around<'_>, name: &str) -> Result<Arc<snowglobe_records::Table>, StepFault> {
    let found = around.session.dictionary.table(name).map(Arc::clone);
    found.ok_or_else(|| StepFault::Table(name.to_owned()))
}

//! From the tables of flows to what is run.

use std::collections::HashMap;

use snowglobe_oauth::{
    outbound::flow::{Flow, FlowStep, Schedule, StepKind},
    time::UnixMillis,
};
use snowglobe_records::{
    Dictionary,
    name::Name,
    write::{Actions, FlowTrigger},
};

use super::Flows;
use crate::{Store, backend::StoreError, records::Find, sql::Row};

const FLOW: [&str; 5] = ["sys_id", "name", "active", "type", "run_as_user"];
const STEP: [&str; 19] = [
    "sys_id",
    "flow",
    "order",
    "name",
    "action_type",
    "connection_alias",
    "http_method",
    "resource_path",
    "headers",
    "request_body",
    "rest_message_function",
    "variables",
    "table",
    "record",
    "values",
    "mappings",
    "retry_policy",
    "on_failure",
    "active",
];
const TRIGGER: [&str; 10] = [
    "sys_id",
    "flow",
    "flow.name",
    "flow.active",
    "flow.type",
    "trigger_type",
    "table",
    "condition",
    "run_start",
    "run_period",
];

impl Store {
    /// Returns the flows of this moment.
    #[must_use]
    pub fn flows(&self) -> std::sync::Arc<Flows> {
        self.snapshots.flows.load_full()
    }

    pub(crate) async fn load_flows(&self, dictionary: &Dictionary) -> Result<Flows, StoreError> {
        let find = |table, columns| self.select(dictionary, table, Find::All, columns);
        let mut steps: HashMap<Box<str>, Vec<FlowStep>> = HashMap::new();
        let rows = find("sys_hub_action_instance", &STEP[..]).await?;
        for row in rows.iter().filter(|row| row.int(18) != 0) {
            let of_flow = steps.entry(row.text(1).into()).or_default();
            of_flow.push(step(row));
        }
        let flow = |row: Row<'_>| {
            let mut steps = steps.remove(row.text(0)).unwrap_or_default();
            steps.sort_by(|one, other| (one.order, &one.sys_id).cmp(&(other.order, &other.sys_id)));
            Flow {
                sys_id: row.text(0).into(),
                name: row.text(1).into(),
                active: row.int(2) != 0,
                run_as: row.text(4).into(),
                steps,
            }
        };
        let rows = find("sys_hub_flow", &FLOW[..]).await?;
        let by_id = rows.iter().map(flow);
        let by_id = by_id.map(|flow| (flow.sys_id.clone(), flow)).collect();
        let rows = find("sys_hub_trigger_instance", &TRIGGER[..]).await?;
        let schedules = rows.iter().filter(runs).filter_map(schedule).collect();
        Ok(Flows { by_id, schedules })
    }

    /// Reads which writes start flows.
    pub(crate) async fn load_triggers(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Vec<FlowTrigger>, StoreError> {
        let table = "sys_hub_trigger_instance";
        let rows = self.select(dictionary, table, Find::All, &TRIGGER).await?;
        Ok(rows.iter().filter(runs).filter_map(trigger).collect())
    }
}

fn runs(row: &Row<'_>) -> bool {
    row.int(3) != 0 && row.text(4) == "flow"
}

fn trigger(row: Row<'_>) -> Option<FlowTrigger> {
    let (insert, update, delete) = match row.text(5) {
        "record_create" => (true, false, false),
        "record_update" => (false, true, false),
        "record_create_or_update" => (true, true, false),
        "record_delete" => (false, false, true),
        _ => return None,
    };
    Some(FlowTrigger {
        flow: row.text(1).into(),
        name: row.text(2).into(),
        table: Name::parse(row.text(6)).ok()?,
        on: Actions {
            insert,
            update,
            delete,
        },
        condition: row.text(7).into(),
    })
}

fn schedule(row: Row<'_>) -> Option<Schedule> {
    const DAY: i64 = 86_400_000;
    let seconds = row.int(9).clamp(0, 10 * 365 * 86_400);
    let period = match row.text(5) {
        "repeat" if seconds > 0 => Some(seconds * 1000),
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        "run_once" => None,
        _ => return None,
    };
    Some(Schedule {
        sys_id: row.text(0).into(),
        flow: row.text(1).into(),
        name: row.text(2).into(),
        start: millis(row.text(8)),
        period,
    })
}

/// A time as records have it, which is UTC.
pub(super) fn millis(text: &str) -> Option<UnixMillis> {
    let at: jiff::civil::DateTime = text.parse().ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(UnixMillis(at.timestamp().as_millisecond()))
}

fn step(row: Row<'_>) -> FlowStep {
    let text = |at| row.text(at).into();
    FlowStep {
        sys_id: text(0),
        name: match row.text(3) {
            "" => format!("step{}", row.int(2)).into(),
            name => name.into(),
        },
        order: row.int(2),
        kind: match row.text(4) {
            "rest_step" => StepKind::RestByAlias {
                alias: text(5),
                method: text(6),
                path: text(7),
                headers: text(8),
                body: text(9),
            },
            "rest_message" => StepKind::RestMessage {
                function: text(10),
                variables: text(11),
            },
            "create_record" => StepKind::CreateRecord {
                table: text(12),
                values: text(14),
            },
            "update_record" => StepKind::UpdateRecord {
                table: text(12),
                record: text(13),
                values: text(14),
            },
            other => StepKind::Unknown(other.into()),
        },
        mappings: text(15),
        retry_policy: Some(row.text(16))
            .filter(|it| !it.is_empty())
            .map(Into::into),
        goes_on: row.text(17) == "continue",
    }
}

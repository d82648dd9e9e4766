//! Promises about tasks, what is measured of them, and what else hangs on a task (`rest-and-records.md` §16.7, §17).
//! Clients write and read the rows; no clock runs for them here.

use crate::base::spec::{
    Choice, Table,
    column::{
        boolean, conditions, date_time, duration, rare_reference, reference, string, table_name,
        typed,
    },
};

const STAGE: &[Choice] = &[
    ("in_progress", "In progress"),
    ("paused", "Paused"),
    ("completed", "Completed"),
    ("breached", "Breached"),
    ("achieved", "Achieved"),
    ("cancelled", "Cancelled"),
];
const SLA_TYPE: &[Choice] = &[
    ("SLA", "SLA"),
    ("OLA", "OLA"),
    ("Underpinning contract", "Underpinning contract"),
];
const METRIC_TYPE: &[Choice] = &[
    ("field_value_duration", "Field value duration"),
    ("script", "Script calculation"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("contract_sla", "SLA Definition", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("type", "Type", 40).default("SLA").choices(SLA_TYPE),
        table_name("collection", "Table"),
        duration("duration", "Duration"),
        conditions("start_condition", "Start condition"),
        conditions("stop_condition", "Stop condition"),
        conditions("pause_condition", "Pause condition"),
        rare_reference("schedule", "Schedule", "cmn_schedule"),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("task_sla", "Task SLA").columns(&[
        reference("task", "Task", "task"),
        reference("sla", "SLA definition", "contract_sla"),
        string("stage", "Stage", 40)
            .default("in_progress")
            .choices(STAGE),
        boolean("active", "Active").default("true"),
        boolean("has_breached", "Has breached"),
        date_time("start_time", "Start time"),
        date_time("end_time", "Stop time"),
        date_time("planned_end_time", "Breach time"),
        date_time("pause_time", "Pause time"),
        duration("duration", "Actual elapsed time"),
        duration("business_duration", "Business elapsed time"),
        duration("time_left", "Actual time left"),
        duration("business_time_left", "Business time left"),
        duration("pause_duration", "Pause duration"),
        typed("percentage", "Actual elapsed percentage", "decimal", 15),
        typed(
            "business_percentage",
            "Business elapsed percentage",
            "decimal",
            15,
        ),
        rare_reference("schedule", "Schedule", "cmn_schedule"),
    ]),
    Table::root("task_ci", "Affected CI").columns(&[
        reference("task", "Task", "task"),
        reference("ci_item", "Configuration Item", "cmdb_ci"),
        boolean("applied", "Applied"),
        date_time("applied_date", "Applied date"),
    ]),
    Table::root("metric_definition", "Metric Definition").columns(&[
        string("name", "Name", 100).display(),
        table_name("table", "Table"),
        string("field", "Field", 80),
        string("type", "Type", 40)
            .default("field_value_duration")
            .choices(METRIC_TYPE),
        string("description", "Description", 4000),
        boolean("active", "Active").default("true"),
    ]),
    Table::root("metric_instance", "Metric").columns(&[
        reference("definition", "Definition", "metric_definition"),
        table_name("table", "Table"),
        typed("id", "ID", "document_id", 32).indexed(),
        string("field", "Field", 80),
        string("value", "Value", 255),
        date_time("start", "Start"),
        date_time("end", "End"),
        duration("duration", "Duration"),
        boolean("calculation_complete", "Calculation complete"),
    ]),
];

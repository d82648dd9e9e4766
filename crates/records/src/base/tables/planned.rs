//! Planned work: projects, and the epics, stories and tasks of teams that plan in sprints
//! (`rest-and-records.md` §17).

use crate::base::spec::{
    Choice, Table,
    column::{date_time, duration, integer, list, rare_reference, reference, string, typed},
    table::choices,
};

const STORY_STATE: &[Choice] = &[
    ("-6", "Draft"),
    ("1", "Ready"),
    ("2", "Work in progress"),
    ("-7", "Ready for testing"),
    ("-8", "Testing"),
    ("3", "Complete"),
    ("4", "Cancelled"),
];
const SCRUM_TASK_STATE: &[Choice] = &[
    ("-6", "Draft"),
    ("1", "Ready"),
    ("2", "Work in progress"),
    ("3", "Complete"),
    ("4", "Cancelled"),
];
const SCRUM_TASK_TYPE: &[Choice] = &[
    ("1", "Analysis"),
    ("2", "Coding"),
    ("3", "Documentation"),
    ("4", "Testing"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("planned_task", "Planned task", "task")
        .extendable()
        .columns(&[
            date_time("start_date", "Planned start date"),
            date_time("end_date", "Planned end date"),
            typed("percent_complete", "Percent complete", "decimal", 15),
            duration("duration", "Planned duration"),
            typed("cost", "Planned cost", "currency", 20),
        ]),
    Table::extending("pm_project", "Project", "planned_task")
        .extendable()
        .numbered("PRJ", 10_000)
        .columns(&[
            reference("project_manager", "Project manager", "sys_user"),
            string("phase", "Phase", 40),
            string("risk", "Risk", 40),
            string("business_case", "Business case", 4000),
        ]),
    Table::extending("rm_epic", "Epic", "planned_task")
        .numbered("EPIC", 10_000)
        .columns(&[string("theme", "Theme", 100)])
        .choices(&[choices("state", STORY_STATE)]),
    Table::extending("rm_story", "Story", "planned_task")
        .extendable()
        .numbered("STRY", 10_000)
        .columns(&[
            reference("epic", "Epic", "rm_epic"),
            reference("project", "Project", "pm_project"),
            reference("sprint", "Sprint", "rm_sprint"),
            integer("story_points", "Points"),
            string("acceptance_criteria", "Acceptance criteria", 4000),
            string("type", "Type", 40).default("Development"),
            string("classification", "Classification", 40),
            list("prerequisites", "Prerequisites", "rm_story"),
        ])
        .defaults(&[("state", "-6")])
        .choices(&[choices("state", STORY_STATE)]),
    Table::extending("rm_scrum_task", "Scrum Task", "planned_task")
        .numbered("STSK", 10_000)
        .columns(&[
            reference("story", "Story", "rm_story"),
            string("type", "Type", 40).optional_choices(SCRUM_TASK_TYPE),
            integer("planned_hours", "Planned hours"),
            integer("remaining_hours", "Remaining hours"),
            integer("hours", "Actual hours"),
        ])
        .defaults(&[("state", "-6")])
        .choices(&[choices("state", SCRUM_TASK_STATE)]),
    Table::extending("rm_sprint", "Sprint", "planned_task")
        .numbered("SPNT", 10_000)
        .columns(&[
            integer("story_points", "Points"),
            string("goal", "Goal", 4000),
        ]),
    Table::root("m2m_story_dependencies", "Story Dependency").columns(&[
        reference("dependent_story", "Dependent story", "rm_story"),
        reference("prerequisite_story", "Prerequisite story", "rm_story"),
    ]),
    Table::root("cmn_schedule", "Schedule")
        .extendable()
        .columns(&[
            string("name", "Name", 100).display(),
            string("type", "Type", 40),
            string("time_zone", "Time zone", 40),
            string("description", "Description", 4000),
            rare_reference("parent", "Parent", "cmn_schedule"),
        ]),
];

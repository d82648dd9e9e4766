//! Stories about databases.

use super::Story;

pub(super) const STORIES: &[Story] = &[
    Story {
        short: "Queries on {} time out",
        detail: "The nightly load of {} did not finish; queries run into time-outs.",
        subjects: &["PS ORA01"],
        kind: "database/oracle",
        group: "Database San Diego",
        service: "Finance Systems",
        impact: 1,
        fix: "Statistics were gathered anew; the old plan had become useless.",
        close_code: "Solution provided",
    },
    Story {
        short: "Deadlocks on {} during month end",
        detail: "Postings fail now and then with a deadlock on {}.",
        subjects: &["mssql-finance"],
        kind: "database/sql server",
        group: "Database",
        service: "Finance Systems",
        impact: 2,
        fix: "Two jobs wrote the same tables in opposite order; one was moved.",
        close_code: "Resolved by change",
    },
    Story {
        short: "Replica of {} is an hour behind",
        detail: "Monitoring: replication lag of {} is above one hour.",
        subjects: &["pg-orders", "pg-customers"],
        kind: "database/",
        group: "Database",
        service: "Order to Cash",
        impact: 2,
        fix: "A long transaction held the log; it was ended and the replica caught up.",
        close_code: "Solution provided",
    },
];

//! Conditions of declared rules: encoded queries, held against the row as it will be.
//!
//! They are read once, with the rules, unless what they say is another thing for each caller and at each moment
//! (`javascript:gs.getUserID()`, `ONToday`): those are read again with each row.

use std::sync::{Arc, LazyLock};

use jiff::{Timestamp, tz::TimeZone};

use super::{Row, Surroundings};
use crate::{
    dictionary::{Dictionary, Table},
    query::{self, Cells, Context, Path, Predicate},
    value::ValueRef,
};

/// A condition on rows of one table.
#[derive(Debug)]
pub(super) enum Condition {
    /// The same for everybody and ever; nothing where it is not understood.
    Fixed(Option<Predicate>),
    /// Another for each caller and moment.
    Open(Box<str>),
}

impl Condition {
    /// Reads a condition for the rows of a table.
    pub(super) fn of(text: &str, table: &Arc<Table>, dictionary: &Dictionary) -> Self {
        let [one, other] = strangers().map(|context| predicate(text, table, dictionary, &context));
        if one == other {
            Self::Fixed(one)
        } else {
            Self::Open(text.into())
        }
    }

    /// Tells whether the row will satisfy it; one that is not understood holds for no row.
    pub(super) fn holds(&self, row: &Row<'_>, around: Surroundings<'_>) -> bool {
        let holds = |predicate: &Predicate| predicate.holds(&Writing(row));
        match self {
            Self::Fixed(predicate) => predicate.as_ref().is_some_and(holds),
            Self::Open(text) => predicate(text, row.table(), around.dictionary, around.context)
                .is_some_and(|it| holds(&it)),
        }
    }

    /// Tells whether it is understood whole.
    pub(super) fn is_understood(&self, row: &Row<'_>, around: Surroundings<'_>) -> bool {
        match self {
            Self::Fixed(predicate) => predicate.is_some(),
            Self::Open(text) => is_understood(text, row.table(), around),
        }
    }
}

/// Two people at two moments who have nothing in common: what both read the same, everybody does.
fn strangers() -> [Context<'static>; 2] {
    static GROUPS: LazyLock<[Box<str>; 1]> = LazyLock::new(|| ["a group".into()]);
    let other = Context {
        user_sys_id: "0123456789abcdef0123456789abcdef",
        user_name: "a.stranger",
        user_display_name: "A Stranger",
        groups: &*GROUPS,
        // Another year, month, day, weekday, hour, minute and second than the epoch's.
        now: Timestamp::from_second(1_152_277_753).unwrap_or(Timestamp::MAX),
        time_zone: TimeZone::fixed(jiff::tz::offset(5)),
        first_day_of_week: 1,
        invalid_returns_no_rows: false,
    };
    [Context::anybody(Timestamp::UNIX_EPOCH), other]
}

/// Returns what a condition asks of a row of `table`; `None` where a part of it is not understood or reaches another
/// row.
fn predicate(
    text: &str,
    table: &Arc<Table>,
    dictionary: &Dictionary,
    context: &Context<'_>,
) -> Option<Predicate> {
    let clauses = query::parse(text);
    let resolved = query::resolve(&clauses, dictionary, table, context);
    let whole = resolved.dropped.is_empty() && resolved.query.joins.as_slice().is_empty();
    let predicate = resolved.query.predicate;
    (whole && is_about_one(&predicate)).then_some(predicate)
}

/// Tells whether a condition looks at nothing but the row; the entries of a journal are other rows.
fn is_about_one(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
            list.iter().all(is_about_one)
        }
        Predicate::Related(_) | Predicate::Below(_) => false,
        _ => true,
    }
}

/// Tells whether a condition that is being saved is understood whole.
pub(super) fn is_understood(text: &str, table: &Arc<Table>, around: Surroundings<'_>) -> bool {
    predicate(text, table, around.dictionary, around.context).is_some()
}

/// A row while it is written: what it will hold, and what it held (`CHANGESFROM` asks).
struct Writing<'r, 'a>(&'r Row<'a>);

impl Cells for Writing<'_, '_> {
    fn cell(&self, path: &Path) -> ValueRef<'_> {
        self.0.value(&path.column.element)
    }

    fn before(&self, path: &Path) -> Option<ValueRef<'_>> {
        Some(self.0.before(&path.column.element))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_depends_on_who_writes_and_when_is_read_again() {
        let dictionary = Dictionary::build(&crate::base::definition()).0;
        let table = dictionary.table("incident").expect("a built-in table");
        for (text, is_fixed) in [
            ("", true),
            ("state=6^priorityIN1,2^NQclose_notesISEMPTY", true),
            ("opened_at>2026-01-01 00:00:00", true),
            ("no_such_field=1", true),
            ("caller_id.name=a", true),
            ("caller_id=javascript:gs.getUserID()", false),
            ("assignment_groupINjavascript:getMyGroups()", false),
            ("opened_at<javascript:gs.daysAgo(3)", false),
            (
                "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
                false,
            ),
        ] {
            let condition = Condition::of(text, table, &dictionary);
            assert_eq!(
                matches!(condition, Condition::Fixed(_)),
                is_fixed,
                "{text}: {condition:?}"
            );
        }
        let reaches_others = Condition::of("caller_id.name=a", table, &dictionary);
        assert!(matches!(reaches_others, Condition::Fixed(None)));
    }
}

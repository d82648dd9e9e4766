//! Operators of triggers: they ask what a write changes. A list, where nothing is being written, ignores them (§3.2).

use super::{ALL, Lower, Operator, Referenced};
use crate::query::{
    Path, Predicate,
    predicate::Change,
    resolve::{Fields, Reason},
    script,
};

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["VALCHANGES"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Nothing(|path| Predicate::Changed(path, Change::Any)),
        example: "stateVALCHANGES",
    },
    Operator {
        spellings: &["CHANGESFROM"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| changed(path, value, fields, Change::From)),
        example: "stateCHANGESFROM1",
    },
    Operator {
        spellings: &["CHANGESTO"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| changed(path, value, fields, Change::To)),
        example: "stateCHANGESTO6",
    },
];

fn changed(
    path: Path,
    value: &str,
    fields: &mut Fields<'_>,
    change: fn(crate::Value) -> Change,
) -> Result<Predicate, Reason> {
    let value = script::evaluate(value, fields.context).ok_or(Reason::Script)?;
    Ok(match path.column.kind.parse(&value) {
        Ok(value) => Predicate::Changed(path, change(value)),
        Err(_) => Predicate::False,
    })
}

//! Steps that make or change a record, with the rights of the flow's user.

use snowglobe_oauth::outbound::flow::{Fill, pairs};
use snowglobe_records::{SysId, base::derived_id, write::Mode};

use super::{Around, Outcome, StepFault, table};
use crate::records::{self, Input, RecordError};

/// Makes a record, unless an attempt before this one did.
pub(super) async fn create(
    around: &Around<'_>,
    name: &str,
    values: &str,
) -> Result<Outcome, StepFault> {
    let table = table(around, name)?;
    let sys_id = derived_id("sys_flow_context", &around.key);
    if !is_there(around, &table, sys_id).await? {
        let values = filled(around, values)?;
        let mut input = pairs_of(&values);
        input.push(("sys_id", sys_id.as_str()));
        let input = Input {
            pairs: &input,
            mode: mode(around),
        };
        records::insert(around.session, &table, input).await?;
    }
    Ok(known(sys_id.as_str()))
}

/// Changes a record.
pub(super) async fn update(
    around: &Around<'_>,
    (name, record): (&str, &str),
    values: &str,
) -> Result<Outcome, StepFault> {
    let name = match name {
        "" => &*around.start.table,
        name => name,
    };
    let table = table(around, name)?;
    let sys_id = match record {
        "" => around.start.record.to_string(),
        record => around.data.fill(record, Fill::Text)?,
    };
    let values = filled(around, values)?;
    let input = Input {
        pairs: &pairs_of(&values),
        mode: mode(around),
    };
    records::update(around.session, &table, &sys_id, input, None).await?;
    Ok(known(&sys_id))
}

async fn is_there(
    around: &Around<'_>,
    table: &std::sync::Arc<snowglobe_records::Table>,
    sys_id: SysId,
) -> Result<bool, StepFault> {
    let session = around.session;
    let store = &around.app.store;
    let row = store.row(&session.dictionary, table, sys_id.as_str()).await;
    Ok(row.map_err(RecordError::from)?.is_some())
}

fn filled(around: &Around<'_>, values: &str) -> Result<Vec<(String, String)>, StepFault> {
    let mut filled = Vec::new();
    for (element, template) in pairs(values, '=')? {
        let text = around.data.fill(template, Fill::Text)?;
        filled.push((element.to_owned(), text));
    }
    Ok(filled)
}

fn pairs_of(values: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = values.iter();
    pairs
        .map(|(element, text)| (element.as_str(), text.as_str()))
        .filter(|(element, _)| *element != "sys_id")
        .collect()
}

/// What the write causes stands one flow deeper.
fn mode(around: &Around<'_>) -> Mode<'static> {
    Mode {
        flow_depth: around.start.depth.saturating_add(1),
        ..Mode::default()
    }
}

fn known(sys_id: &str) -> Outcome {
    Outcome {
        output: vec![("sys_id".into(), sys_id.to_owned())],
        ..Outcome::default()
    }
}

/// The reason of a write that was refused.
pub(super) fn code(fault: &RecordError) -> &'static str {
    match fault {
        RecordError::Missing => "record_not_found",
        RecordError::Denied(_) => "acl_write_denied",
        RecordError::Refused { code, .. } => code,
        RecordError::Aborted(abort) => abort.code(),
        RecordError::Duplicate { .. } => "value_not_unique",
        RecordError::Contended | RecordError::Stale => "record_contended",
        RecordError::Overloaded(_) | RecordError::NoRandomness(_) | RecordError::Store(_) => {
            "unavailable"
        }
    }
}

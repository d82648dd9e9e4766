//! Relations of configuration items: rows of `cmdb_rel_ci`. An item is the parent of its outbound relations and the
//! child of its inbound ones.

use serde_json::{Value, json};
use snowglobe_records::{plan::Window, write::Mode};

use super::invalid;
use crate::{
    error::RestError,
    records::{self, Input, Session},
    rest::look::{self, As},
};

const RELATIONS: &str = "cmdb_rel_ci";

/// The relations of an item, as they are told.
pub(super) struct Both {
    pub(super) inbound: Vec<Value>,
    pub(super) outbound: Vec<Value>,
}

/// A relation that a payload asks for.
pub(super) struct Wanted {
    inbound: bool,
    kind: String,
    target: String,
}

/// Reads the relations of an item.
pub(super) async fn of(session: &Session, sys_id: &str) -> Result<Both, RestError> {
    Ok(Both {
        inbound: towards(session, ("child", "parent"), sys_id).await?,
        outbound: towards(session, ("parent", "child"), sys_id).await?,
    })
}

async fn towards(
    session: &Session,
    (own, other): (&str, &str),
    sys_id: &str,
) -> Result<Vec<Value>, RestError> {
    let table = look::table(session, RELATIONS)?;
    let name = format!("{other}.name");
    let fields = ["sys_id", "type", "type.name", other, &name];
    let query = look::equal(&table, &[(own, sys_id)]);
    let found = look::rows(
        session,
        (&table, query),
        &fields,
        Window::DEFAULT,
        As::Caller,
    )
    .await?;
    let issuer = &session.app.issuer;
    let told = found.iter().map(|row| {
        let (kind, target) = (row.text("type"), row.text(other));
        json!({
            "sys_id": row.text("sys_id"),
            "type": {
                "display_value": row.text("type.name"),
                "link": format!("{issuer}/api/now/table/cmdb_rel_type/{kind}"),
                "value": kind,
            },
            "target": {
                "display_value": row.text(&name),
                "link": format!("{issuer}/api/now/cmdb/instance/cmdb_ci/{target}"),
                "value": target,
            },
        })
    });
    Ok(told.collect())
}

/// Reads which relations a payload asks for; their types and targets have to be there.
pub(super) async fn wanted(session: &Session, value: &Value) -> Result<Vec<Wanted>, RestError> {
    let mut wanted = Vec::new();
    for (name, inbound) in [("inbound_relations", true), ("outbound_relations", false)] {
        let given = value.get(name).and_then(Value::as_array);
        for relation in given.into_iter().flatten() {
            let text = |member: &str| relation.get(member).and_then(Value::as_str).unwrap_or("");
            wanted.push(Wanted {
                inbound,
                kind: kind(session, text("type")).await?,
                target: item(session, text("target")).await?,
            });
        }
    }
    Ok(wanted)
}

/// Returns the key of a relation type, which may be named.
pub(super) async fn kind(session: &Session, text: &str) -> Result<String, RestError> {
    for element in ["sys_id", "name"] {
        let found = look::known(session, "cmdb_rel_type", &[(element, text)], &["sys_id"]).await?;
        if let Some(row) = found.first().filter(|_| !text.is_empty()) {
            return Ok(row.text("sys_id").to_owned());
        }
    }
    Err(invalid(format_args!("there is no relation type {text}")))
}

async fn item(session: &Session, sys_id: &str) -> Result<String, RestError> {
    let table = look::table(session, "cmdb")?;
    let query = look::equal(&table, &[("sys_id", sys_id)]);
    let found = look::rows(
        session,
        (&table, query),
        &["sys_id"],
        Window::DEFAULT,
        As::Caller,
    );
    let found = found.await?;
    let row = found.first().filter(|_| !sys_id.is_empty());
    let row = row.ok_or_else(|| invalid(format_args!("there is no item {sys_id}")))?;
    Ok(row.text("sys_id").to_owned())
}

/// Adds relations to an item; those that it has stay as they are.
pub(super) async fn add(
    session: &Session,
    sys_id: &str,
    wanted: &[Wanted],
) -> Result<(), RestError> {
    for relation in wanted {
        let (parent, child) = if relation.inbound {
            (&*relation.target, sys_id)
        } else {
            (sys_id, &*relation.target)
        };
        relate(session, parent, child, &relation.kind).await?;
    }
    Ok(())
}

/// Makes a relation unless there is one; returns its key, and whether it is new.
pub(super) async fn relate(
    session: &Session,
    parent: &str,
    child: &str,
    kind: &str,
) -> Result<(String, bool), RestError> {
    let pairs = [("parent", parent), ("child", child), ("type", kind)];
    let known = look::known(session, RELATIONS, &pairs, &["sys_id"]).await?;
    if let Some(row) = known.first() {
        return Ok((row.text("sys_id").to_owned(), false));
    }
    let table = look::table(session, RELATIONS)?;
    let input = Input {
        pairs: &pairs,
        mode: Mode::default(),
    };
    Ok((records::insert(session, &table, input).await?.sys_id, true))
}

/// Removes a relation of an item.
pub(super) async fn remove(
    session: &Session,
    sys_id: &str,
    relation: &str,
) -> Result<(), RestError> {
    let of = [("sys_id", relation)];
    let known = look::known(session, RELATIONS, &of, &["parent", "child"]).await?;
    let is = |row: &look::Found, end: &str| row.text(end).eq_ignore_ascii_case(sys_id);
    if !known
        .iter()
        .any(|row| is(row, "parent") || is(row, "child"))
    {
        return Err(RestError::NoRecord);
    }
    let table = look::table(session, RELATIONS)?;
    Ok(records::delete(session, &table, relation).await?)
}

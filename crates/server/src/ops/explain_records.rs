//! What became of a request for records: the query as it was understood, what was dropped of it, what each rule said,
//! and how many rows the rules took away (`rest-and-records.md` §3.5, §16).
//!
//! The request is looked at again, as the caller it came from, under the rules and over the rows of this moment: the
//! answer of then is not kept.

use std::sync::Arc;

use serde_json::{Value, json};
use snowglobe_oauth::account::UserNo;
use snowglobe_records::{
    Table,
    acl::{Access, Decision, GateReport, Operation, Permitted, Reason, RuleReport},
    plan::{Plan, Window},
    query::{self, Query},
};

use crate::{
    app::App,
    error::RestError,
    records::{Question, Session},
};

/// Looks at a question again.
pub(super) async fn explain(
    app: &App,
    user: Option<UserNo>,
    question: &Question,
) -> Result<Value, RestError> {
    let Some(user) = user else {
        return Ok(Value::Null);
    };
    let Some(user) = app.store.user_by_no(user).await? else {
        return Ok(Value::Null);
    };
    let session = Session::of(app.clone(), user);
    let Some(table) = session.dictionary.table(&question.table).map(Arc::clone) else {
        return Ok(Value::Null);
    };
    let context = session.context();
    let access = session.access(&context);
    let mut told = json!({
        "table": &*question.table,
        "operation": question.operation.name(),
        "record": question.sys_id.as_deref(),
        "roles": access.caller.roles().iter().map(|role| &**role).collect::<Vec<_>>(),
        "rules": rules(&access, question.operation, &table),
    });
    if question.operation == Operation::Read && question.sys_id.is_none() {
        let (query, read) = understood(&session, &table, question);
        told["query"] = read;
        let fields = question.fields.as_deref().map(names);
        let plan = Plan::new(&session.dictionary, &table, query, fields, WINDOW);
        told["fields"] = fields_of(&access, &plan, question);
        told["rows"] = rows(app, &access, &table, plan).await?;
    }
    Ok(told)
}

/// No rows are read, only counted.
const WINDOW: Window = Window {
    limit: 0,
    offset: 0,
};

fn names(fields: &str) -> impl Iterator<Item = &str> {
    let names = fields.split(',').map(str::trim);
    names.filter(|name| !name.is_empty())
}

fn understood(session: &Session, table: &Arc<Table>, question: &Question) -> (Query, Value) {
    let context = session.context();
    let Some(text) = question.query.as_deref() else {
        let pairs = question.filters.iter();
        let pairs = pairs.map(|(name, value)| (&**name, &**value));
        let query = query::filter(pairs, &session.dictionary, table, &context);
        let read = json!({"understood": query.describe()});
        return (query, read);
    };
    let clauses = query::parse(text);
    let resolved = query::resolve(&clauses, &session.dictionary, table, &context);
    let dropped = resolved.dropped.iter();
    let dropped: Vec<Value> = dropped
        .map(|dropped| json!({"clause": dropped.clause, "why": dropped.reason.to_string()}))
        .collect();
    let read = json!({
        "text": text,
        "understood": resolved.query.describe(),
        "order": resolved.query.describe_order(),
        "dropped": dropped,
    });
    (resolved.query, read)
}

fn fields_of(access: &Access<'_>, plan: &Plan, question: &Question) -> Value {
    let asked = question.fields.as_deref().map(names);
    let known = |name: &&str| plan.outputs.iter().any(|output| *output.key == **name);
    let unknown: Vec<&str> = asked
        .into_iter()
        .flatten()
        .filter(|name| !known(name))
        .collect();
    let closed = plan.outputs.iter().filter(|output| {
        let readable = access.may_read_path(&plan.table, &plan.joins, &output.path);
        !readable
    });
    let closed: Vec<&str> = closed.map(|output| &*output.key).collect();
    json!({"unknown": unknown, "withheld": closed})
}

async fn rows(
    app: &App,
    access: &Access<'_>,
    table: &Arc<Table>,
    mut plan: Plan,
) -> Result<Value, RestError> {
    plan.count = true;
    plan.outputs.clear();
    let before = Permitted::as_system(plan.clone(), Reason::CommandLine);
    let before = app.store.read(&before).await?.total;
    let mut told = json!({
        "before_rules": before,
        "readable": access.describe_readable(table),
    });
    match access.permit_read(plan.clone()) {
        Ok(plan) => told["after_rules"] = app.store.read(&plan).await?.total.into(),
        Err(_) => told["closed_to_queries"] = access.unreadable(&plan).into(),
    }
    Ok(told)
}

fn rules(access: &Access<'_>, operation: Operation, table: &Table) -> Vec<Value> {
    let queries = [Operation::QueryMatch, Operation::QueryRange];
    let asked = queries
        .iter()
        .filter(|_| operation == Operation::Read)
        .flat_map(|query| access.explain(*query, table))
        .filter(|gate| !gate.rules.is_empty());
    let gates = access.explain(operation, table).into_iter().chain(asked);
    gates.map(|report| gate(&report)).collect()
}

fn gate(report: &GateReport) -> Value {
    json!({
        "object": &*report.object,
        "operation": report.operation.name(),
        "outcome": report.outcome.to_string(),
        "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn rule(report: &RuleReport) -> Value {
    let kind = match report.decision {
        Decision::AllowIf => "Allow If",
        Decision::DenyUnless => "Deny Unless",
    };
    json!({
        "object": &*report.object,
        "kind": kind,
        "roles": report.roles.iter().map(|role| &**role).collect::<Vec<_>>(),
        "conditions": report.conditions.iter().map(|it| &**it).collect::<Vec<_>>(),
        "outcome": report.outcome.to_string(),
    })
}

//! What became of a request for records: the query as it was understood, what was dropped of it, what each rule said,
//! and how many rows the rules took away (`rest-and-records.md` §3.5, §16).
//!
//! The request is looked at again, as the caller it came from, under the rules and over the rows of this moment: the
//! answer of then is not kept.

use std::sync::Arc;

use serde::Serialize;
use snowglobe_oauth::account::UserNo;
use snowglobe_records::{
    Table,
    acl::{Access, Decision, GateReport, Operation, Permitted, Reason, RuleReport},
    plan::{Plan, Window},
    query::{self, Query},
};
use snowglobe_store::backend::StoreError;

use crate::{
    app::App,
    records::{Question, Session},
};

/// A request for records, looked at again; as JSON it is what `/_sg/explain/{id}` answers under `records`.
#[derive(Debug, Serialize)]
pub(crate) struct Explained {
    pub(crate) table: Box<str>,
    pub(crate) operation: &'static str,
    pub(crate) record: Option<Box<str>>,
    /// Of the caller.
    pub(crate) roles: Vec<Box<str>>,
    /// Every gate that the request met.
    pub(crate) rules: Vec<Gate>,
    /// Of lists.
    #[serde(flatten)]
    pub(crate) list: Option<List>,
}

/// What a list asked for, and what is left of it.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    pub(crate) query: Reading,
    pub(crate) fields: Fields,
    pub(crate) rows: Rows,
}

/// A query and what it means.
#[derive(Debug, Serialize)]
pub(crate) struct Reading {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<Box<str>>,
    pub(crate) understood: String,
    pub(crate) order: Vec<String>,
    pub(crate) dropped: Vec<Dropped>,
}

/// A clause that means nothing.
#[derive(Debug, Serialize)]
pub(crate) struct Dropped {
    pub(crate) clause: String,
    pub(crate) why: String,
}

/// Fields that are not in the answer.
#[derive(Debug, Serialize)]
pub(crate) struct Fields {
    /// Asked for, and no column.
    pub(crate) unknown: Vec<String>,
    /// Columns that the caller may not read.
    pub(crate) withheld: Vec<String>,
}

/// How many rows there are, and what the rules leave of them.
#[derive(Debug, Serialize)]
pub(crate) struct Rows {
    pub(crate) before_rules: Option<u64>,
    /// In words, which rows the caller may read.
    pub(crate) readable: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after_rules: Option<u64>,
    /// Why no row is left: the query reads these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) closed_to_queries: Vec<String>,
}

/// The rules that guard one object against one operation, and what they say together.
#[derive(Debug, Serialize)]
pub(crate) struct Gate {
    pub(crate) object: Box<str>,
    pub(crate) operation: &'static str,
    pub(crate) outcome: String,
    pub(crate) rules: Vec<Rule>,
}

/// A rule and what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Rule {
    pub(crate) object: Box<str>,
    pub(crate) kind: &'static str,
    pub(crate) roles: Vec<Box<str>>,
    pub(crate) condition: Option<Box<str>>,
    pub(crate) applies_to: Option<Box<str>>,
    pub(crate) outcome: String,
}

/// Looks at a question again; `None` where its user or its table is gone.
pub(crate) async fn explain(
    app: &App,
    user: Option<UserNo>,
    question: &Question,
) -> Result<Option<Explained>, StoreError> {
    let Some(user) = user else {
        return Ok(None);
    };
    let Some(user) = app.store.user_by_no(user).await? else {
        return Ok(None);
    };
    let session = Session::of(app.clone(), user);
    let Some(table) = session.dictionary.table(&question.table).map(Arc::clone) else {
        return Ok(None);
    };
    let context = session.context();
    let access = session.access(&context);
    let is_list = question.operation == Operation::Read && question.sys_id.is_none();
    let list = if is_list {
        Some(list(&session, &access, &table, question).await?)
    } else {
        None
    };
    Ok(Some(Explained {
        table: (*question.table).into(),
        operation: question.operation.name(),
        record: question.sys_id.clone(),
        roles: texts(access.caller.roles()),
        rules: rules(&access, question.operation, &table),
        list,
    }))
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

async fn list(
    session: &Session,
    access: &Access<'_>,
    table: &Arc<Table>,
    question: &Question,
) -> Result<List, StoreError> {
    let (query, understood) = understood(session, table, question);
    let asked = question.fields.as_deref().map(names);
    let plan = Plan::new(&session.dictionary, table, query, asked, WINDOW);
    Ok(List {
        query: understood,
        fields: fields_of(access, &plan, question),
        rows: rows(&session.app, access, table, plan).await?,
    })
}

fn understood(session: &Session, table: &Arc<Table>, question: &Question) -> (Query, Reading) {
    let context = session.context();
    let Some(text) = question.query.as_deref() else {
        let pairs = question.filters.iter();
        let pairs = pairs.map(|(name, value)| (&**name, &**value));
        let query = query::filter(pairs, &session.dictionary, table, &context);
        let understood = Reading {
            text: None,
            understood: query.describe(),
            order: Vec::new(),
            dropped: Vec::new(),
        };
        return (query, understood);
    };
    let resolved = query::resolve(&query::parse(text), &session.dictionary, table, &context);
    let dropped = resolved.dropped.iter().map(|dropped| Dropped {
        clause: dropped.clause.to_owned(),
        why: dropped.reason.to_string(),
    });
    let understood = Reading {
        text: Some(text.into()),
        understood: resolved.query.describe(),
        order: resolved.query.describe_order(),
        dropped: dropped.collect(),
    };
    (resolved.query, understood)
}

fn fields_of(access: &Access<'_>, plan: &Plan, question: &Question) -> Fields {
    let asked = question.fields.as_deref().map(names);
    let known = |name: &&str| plan.outputs.iter().any(|output| *output.key == **name);
    let unknown = asked.into_iter().flatten().filter(|name| !known(name));
    let closed = plan.outputs.iter().filter(|output| {
        let readable = access.may_read_path(&plan.table, &plan.joins, &output.path);
        !readable
    });
    Fields {
        unknown: unknown.map(str::to_owned).collect(),
        withheld: closed.map(|output| output.key.to_string()).collect(),
    }
}

async fn rows(
    app: &App,
    access: &Access<'_>,
    table: &Arc<Table>,
    mut plan: Plan,
) -> Result<Rows, StoreError> {
    plan.count = true;
    plan.outputs.clear();
    let before = Permitted::as_system(plan.clone(), Reason::CommandLine);
    let mut rows = Rows {
        before_rules: app.store.read(&before).await?.total,
        readable: access.describe_readable(table),
        after_rules: None,
        closed_to_queries: Vec::new(),
    };
    match access.permit_read(plan.clone()) {
        Ok(plan) => rows.after_rules = app.store.read(&plan).await?.total,
        Err(_) => rows.closed_to_queries = access.unreadable(&plan),
    }
    Ok(rows)
}

fn rules(access: &Access<'_>, operation: Operation, table: &Table) -> Vec<Gate> {
    let queries = [
        Operation::QueryMatch,
        Operation::QueryRange,
        Operation::ConditionalTableQueryRange,
    ];
    let asked = queries
        .iter()
        .filter(|_| operation == Operation::Read)
        .flat_map(|query| access.explain(*query, table))
        .filter(|gate| !gate.rules.is_empty());
    let gates = access.explain(operation, table).into_iter().chain(asked);
    gates.map(gate).collect()
}

fn gate(report: GateReport) -> Gate {
    Gate {
        object: report.object,
        operation: report.operation.name(),
        outcome: report.outcome.to_string(),
        rules: report.rules.into_iter().map(rule).collect(),
    }
}

fn rule(report: RuleReport) -> Rule {
    Rule {
        object: report.object,
        kind: match report.decision {
            Decision::AllowIf => "Allow If",
            Decision::DenyUnless => "Deny Unless",
        },
        roles: texts(&report.roles),
        condition: report.condition,
        applies_to: report.applies_to,
        outcome: report.outcome.to_string(),
    }
}

fn texts(shared: &[Arc<str>]) -> Vec<Box<str>> {
    shared.iter().map(|text| Box::from(&**text)).collect()
}

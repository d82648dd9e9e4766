//! Steps that call an API.

use std::sync::Arc;

use snowglobe_oauth::{
    outbound::{
        Brought, Escaping, MessageAuth, MessageFault, RestMessage, Variable,
        flow::{Fill, FlowStep, Mapping, StepKind, pairs},
    },
    time::UnixMillis,
};

use super::{Around, Outcome, StepFault};
use crate::broker::{CallFault, Done, Run, Turn, attempt, longest, seconds_since};

/// Makes one attempt.
pub(super) async fn carry_out(
    around: &Around<'_>,
    step: &FlowStep,
    (number, began): (u32, UnixMillis),
) -> Result<Outcome, StepFault> {
    // Before anything is sent: a mapping that cannot be read is found out without a call.
    let mappings = Mapping::parse_all(&step.mappings)?;
    let mut run = run(around, step)?;
    if let Some(policy) = &step.retry_policy {
        Arc::make_mut(&mut run.message).retry_policy = Some(policy.clone());
    }
    let turn = Turn {
        number,
        elapsed: seconds_since(began, around.app.now()),
        longest: longest(around.app),
    };
    let (done, again) = attempt(around.app, &run, turn).await?;
    let fault = match &done.error {
        Some((code, why)) => Some((*code, why.clone())),
        None if done.status >= 400 => Some((
            "rest_status_error",
            format!("the API answered {}", done.status),
        )),
        None => None,
    };
    let output = match &fault {
        Some(_) => Vec::new(),
        None => take(&mappings, &done)?,
    };
    Ok(Outcome {
        output,
        status: done.status,
        again: again.filter(|_| fault.is_some()),
        fault,
    })
}

fn take(mappings: &[Mapping], done: &Done) -> Result<Vec<(Box<str>, String)>, StepFault> {
    let header = |name: &str| done.headers.get(name)?.to_str().ok();
    Ok(Mapping::take(mappings, header, &done.body)?)
}

fn run(around: &Around<'_>, step: &FlowStep) -> Result<Run, StepFault> {
    let (message, function, brought) = match &step.kind {
        StepKind::RestByAlias {
            alias,
            method,
            path,
            headers,
            body,
        } => {
            let path = around.data.fill(path, Fill::Url)?;
            // What proves the call is for the connection alone.
            if path.contains("://") {
                return Err(CallFault::from(MessageFault::Elsewhere).into());
            }
            let method = if method.is_empty() { "get" } else { &**method };
            let auth = MessageAuth::Alias(alias.clone());
            let (message, function) = RestMessage::ad_hoc(auth, method, &path);
            (message, function, by_alias(around, headers, body)?)
        }
        StepKind::RestMessage {
            function,
            variables,
        } => {
            let outbound = around.app.store.outbound();
            let found = outbound.registry().rest_function(function);
            let (message, function) =
                found.map_err(|fault| StepFault::from(CallFault::from(fault)))?;
            let (message, function) = (Arc::clone(message), Arc::clone(function));
            (message, function, by_message(around, variables)?)
        }
        _ => return Err(CallFault::from(MessageFault::FunctionUnknown).into()),
    };
    Ok(Run {
        message,
        function,
        brought,
        timeout_ms: None,
        log_level: None,
        user: Some(around.session.user.account.sys_id.clone()),
        source: ("sys_hub_action_instance", step.sys_id.clone()),
        idempotency_key: Some(around.key.as_str().into()),
    })
}

fn by_alias(around: &Around<'_>, headers: &str, body: &str) -> Result<Brought, StepFault> {
    let mut filled = Vec::new();
    for (name, value) in pairs(headers, ':')? {
        let value = around.data.fill(value, Fill::Text)?;
        filled.push((name.into(), value.into()));
    }
    let content_type = filled
        .iter()
        .find(|(name, _): &&(Box<str>, Box<str>)| name.eq_ignore_ascii_case("content-type"));
    let fill = Fill::of_body(content_type.map(|(_, value)| &**value), body);
    let body = around.data.fill(body, fill)?;
    Ok(Brought {
        headers: filled,
        body: Some(body).filter(|it| !it.is_empty()).map(Into::into),
        ..Brought::default()
    })
}

fn by_message(around: &Around<'_>, variables: &str) -> Result<Brought, StepFault> {
    let mut brought = Brought::default();
    for (name, value) in pairs(variables, '=')? {
        brought.variables.push(Variable {
            name: name.into(),
            value: around.data.fill(value, Fill::Text)?.into(),
            escaping: Escaping::Xml,
        });
    }
    Ok(brought)
}

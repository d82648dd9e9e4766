//! How an alias resolves, told step by step and without any secret (`outbound-oauth.md` §4.4, §8.5).

use serde_json::{Value, json};
use snowglobe_oauth::outbound::{Registry, Resolution, ResolutionStep, Resolved, Selector};

/// Resolves an alias and tells how.
pub(crate) fn explained(registry: &Registry, alias: &str, selector: Selector<'_>) -> Value {
    let Resolution { steps, outcome } = registry.explain(alias, selector);
    let steps: Vec<Value> = steps.iter().map(step).collect();
    match outcome {
        Ok(resolved) => {
            let mut told = found(registry, &resolved);
            told["resolved"] = true.into();
            told["steps"] = steps.into();
            told
        }
        Err(fault) => json!({
            "resolved": false,
            "reason": fault.code(),
            "why": fault.to_string(),
            "steps": steps,
        }),
    }
}

fn step(step: &ResolutionStep) -> Value {
    json!({"of": step.of, "name": &*step.name, "taken": step.taken, "why": step.why})
}

fn found(registry: &Registry, resolved: &Resolved<'_>) -> Value {
    let named = |sys_id: &str, name: &str| json!({"sys_id": sys_id, "name": name});
    let Resolved {
        alias,
        connection,
        credential,
        profile,
    } = resolved;
    let provider = profile.and_then(|it| registry.provider_of(it));
    let policy = alias.retry_policy.as_deref();
    let policy = policy.and_then(|key| registry.retry_policies.get(key));
    json!({
        "alias": named(&alias.sys_id, &alias.id),
        "connection": connection.map(|it| json!({
            "sys_id": &*it.sys_id, "name": &*it.name, "connection_url": &*it.url,
        })),
        "credential": credential.map(|it| named(&it.sys_id, &it.name)),
        "oauth_entity_profile": profile.map(|it| json!({
            "sys_id": &*it.sys_id, "name": &*it.name, "grant_type": &*it.grant_type, "scope": it.scope(),
        })),
        "oauth_entity": provider.map(|it| named(&it.sys_id, &it.name)),
        "retry_policy": policy.map(|it| named(&it.sys_id, &it.name)),
    })
}

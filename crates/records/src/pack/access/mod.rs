//! Who may do what on a new instance: roles, what they contain, and the access control rules
//! (`rest-and-records.md` §16.5 to §16.7).
//!
//! The rules obey one principle: whoever passes a general rule passes the specific ones too. So it does not
//! matter whether a failed specific rule is final or the next general one is tried (§16.2).

mod configuration;
mod people;
mod roles;
mod rule;
mod work;

use super::known;
use crate::base::{Seed, derived_id};
use rule::Rule;

/// Returns roles, their containment and all access control rules.
pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let rules = work::RULES
        .iter()
        .chain(people::RULES)
        .chain(configuration::RULES);
    roles::seeds().chain(rules.flat_map(rule_seeds))
}

/// Returns the key of a role.
pub(super) fn role(name: &str) -> crate::SysId {
    known::id("sys_user_role", name)
}

/// A rule is one record for each operation, and one more for each role that passes it.
fn rule_seeds(rule: &Rule) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for operation in rule.operations.split(' ') {
        let Rule {
            name,
            condition,
            decision_type,
            description,
            ..
        } = *rule;
        let key = format!(
            "{name} {operation} {decision_type} {} {condition}",
            rule.roles.join(",")
        );
        let id = derived_id("sys_security_acl", &key);
        seeds.push(
            Seed::new("sys_security_acl", id)
                .with("name", name)
                .with("operation", operation)
                .with("decision_type", decision_type)
                .with("condition", condition)
                .with("description", description),
        );
        seeds.extend(rule.roles.iter().map(|role_name| {
            Seed::new(
                "sys_security_acl_role",
                derived_id("sys_security_acl_role", &format!("{key} {role_name}")),
            )
            .with_reference("sys_security_acl", id)
            .with_reference("sys_user_role", role(role_name))
        }));
    }
    seeds
}

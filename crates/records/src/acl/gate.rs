//! A gate: all rules that judge one operation on one object, and what a caller's roles make of them.
//!
//! Roles are known before any row is, conditions only with one. So a gate is judged in two steps: here by
//! roles, which mostly settles it, and by [`super::condition`] on the rows for what remains.

use std::sync::Arc;

use super::{
    caller::Caller,
    condition::asks,
    explain::{RuleOutcome, RuleReport, everything},
    rule::{Decision, Fault, Object, Rule},
};

/// The rules that judge one operation on one object, at every point from the most specific to `*`.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    pub(super) deny_unless: Vec<Arc<Requirement>>,
    pub(super) allow_if: Vec<Arc<Requirement>>,
}

/// What a rule asks.
#[derive(Debug)]
pub(super) struct Requirement {
    object: Object,
    roles: Box<[Arc<str>]>,
    conditions: Box<[Box<str>]>,
    admin_overrides: bool,
    refused: Option<Fault>,
}

/// Encoded queries that a row must match, all of them.
pub(super) type Conditions<'r> = &'r [Box<str>];

/// What the caller's roles settle.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict<'r> {
    /// Whatever the row.
    Denied,
    /// Whatever the row.
    Granted,
    /// It depends on the row.
    When(Terms<'r>),
}

/// The conditions that are left: all of `all`, and one of `any` unless that is empty.
#[derive(Debug, PartialEq)]
pub(super) struct Terms<'r> {
    pub(super) all: Vec<Conditions<'r>>,
    pub(super) any: Vec<Conditions<'r>>,
}

impl Gate {
    pub(super) fn push(&mut self, decision: Decision, requirement: &Arc<Requirement>) {
        match decision {
            Decision::DenyUnless => self.deny_unless.push(Arc::clone(requirement)),
            Decision::AllowIf => self.allow_if.push(Arc::clone(requirement)),
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.deny_unless
            .extend(other.deny_unless.iter().map(Arc::clone));
        self.allow_if.extend(other.allow_if.iter().map(Arc::clone));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.deny_unless.is_empty() && self.allow_if.is_empty()
    }

    /// Judges the gate by the caller's roles (§16.2): Deny-Unless first, then any Allow-If. No rule at all
    /// allows, and so do passing Deny-Unless rules alone.
    pub(super) fn judge(&self, caller: &Caller) -> Verdict<'_> {
        let mut all = Vec::new();
        for requirement in &self.deny_unless {
            match requirement.judge(caller) {
                Standing::Fails => return Verdict::Denied,
                Standing::Passes => {}
                Standing::When(conditions) => all.push(conditions),
            }
        }
        let mut any = Vec::new();
        let mut granted = self.allow_if.is_empty();
        for requirement in &self.allow_if {
            match requirement.judge(caller) {
                Standing::Fails => {}
                Standing::Passes => granted = true,
                Standing::When(conditions) => any.push(conditions),
            }
        }
        match (granted, all.is_empty(), any.is_empty()) {
            (true, true, _) => Verdict::Granted,
            (true, false, _) => Verdict::When(Terms {
                all,
                any: Vec::new(),
            }),
            (false, _, true) => Verdict::Denied,
            (false, _, false) => Verdict::When(Terms { all, any }),
        }
    }
}

enum Standing<'r> {
    Fails,
    Passes,
    When(Conditions<'r>),
}

impl Requirement {
    pub(super) fn new(rule: &Rule, refused: Option<Fault>) -> Self {
        let conditions = [&rule.condition, &rule.applies_to];
        Self {
            object: rule.object.clone(),
            roles: rule.roles.iter().map(Arc::clone).collect(),
            conditions: conditions
                .into_iter()
                .flatten()
                .filter(|text| asks(text))
                .cloned()
                .collect(),
            admin_overrides: rule.admin_overrides,
            refused,
        }
    }

    /// The `*` rule that stands where none is: only admin passes.
    pub(super) fn admin_only() -> Self {
        Self {
            object: everything(),
            roles: [Arc::from("admin")].into(),
            conditions: Box::default(),
            admin_overrides: true,
            refused: None,
        }
    }

    /// Says what becomes of it for a caller.
    pub(super) fn report(&self, decision: Decision, caller: &Caller) -> RuleReport {
        let outcome = match (self.judge(caller), self.refused) {
            (Standing::Passes, _) => RuleOutcome::Passed,
            (Standing::When(_), _) => RuleOutcome::OnConditions,
            (Standing::Fails, Some(fault)) => RuleOutcome::Unobeyable(fault),
            (Standing::Fails, None) => RuleOutcome::NoRole,
        };
        RuleReport {
            object: self.object.to_string().into(),
            decision,
            roles: self.roles.to_vec(),
            conditions: self.conditions.to_vec(),
            outcome,
        }
    }

    fn judge(&self, caller: &Caller) -> Standing<'_> {
        let has_role = self.roles.is_empty() || self.roles.iter().any(|role| holds(caller, role));
        if !has_role {
            Standing::Fails
        } else if caller.is_admin() && self.admin_overrides {
            Standing::Passes
        } else if self.refused.is_some() {
            Standing::Fails
        } else if self.conditions.is_empty() {
            Standing::Passes
        } else {
            Standing::When(&self.conditions)
        }
    }
}

/// §16.4: admin passes every role check, but not for the pseudo roles that nobody holds and not for the role
/// that must be elevated first.
fn holds(caller: &Caller, role: &str) -> bool {
    match role {
        "nobody" => false,
        "maint" | "security_admin" => caller.has_role(role),
        _ => caller.is_admin() || caller.has_role(role),
    }
}

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
    condition: Option<Box<str>>,
    applies_to: Option<Box<str>>,
    admin_overrides: bool,
    refused: Option<Fault>,
}

/// What a rule asks of a row, once the caller's roles are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked<'r> {
    /// The rule concerns only rows that match this encoded query.
    pub(super) applies_to: Option<&'r str>,
    /// What those rows must match.
    pub(super) condition: Condition<'r>,
}

/// A data condition, or what stands for one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Condition<'r> {
    /// Every row will do.
    Nothing,
    /// No row will do: the caller lacks the role, or the rule cannot be obeyed.
    Never,
    /// This encoded query.
    Query(&'r str),
}

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

/// What is left to ask of a row: every Deny-Unless rule that concerns it must pass, and one of the Allow-If rules must
/// concern it and pass, unless there are none.
#[derive(Debug, PartialEq)]
pub(super) struct Terms<'r> {
    pub(super) deny_unless: Vec<Asked<'r>>,
    pub(super) allow_if: Vec<Asked<'r>>,
}

impl Asked<'_> {
    /// Of every row, nothing.
    const NOTHING: Self = Self {
        applies_to: None,
        condition: Condition::Nothing,
    };
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
        let mut deny_unless = Vec::new();
        for requirement in &self.deny_unless {
            match (requirement.judge(caller), requirement.applies_to()) {
                (Standing::Fails, None) => return Verdict::Denied,
                // It denies the rows that it concerns, and no others.
                (Standing::Fails, applies_to) => deny_unless.push(Asked {
                    applies_to,
                    condition: Condition::Never,
                }),
                (Standing::Passes, _) => {}
                (Standing::When(asked), _) if asked.condition == Condition::Nothing => {}
                (Standing::When(asked), _) => deny_unless.push(asked),
            }
        }
        let mut allow_if = Vec::new();
        let mut granted = self.allow_if.is_empty();
        for requirement in &self.allow_if {
            match requirement.judge(caller) {
                Standing::Fails => {}
                Standing::Passes => granted = true,
                Standing::When(asked) => allow_if.push(asked),
            }
        }
        match (granted, deny_unless.is_empty(), allow_if.is_empty()) {
            (true, true, _) => Verdict::Granted,
            (true, false, _) => Verdict::When(Terms {
                deny_unless,
                allow_if: Vec::new(),
            }),
            (false, _, true) => Verdict::Denied,
            (false, _, false) => Verdict::When(Terms {
                deny_unless,
                allow_if,
            }),
        }
    }
}

enum Standing<'r> {
    Fails,
    Passes,
    When(Asked<'r>),
}

impl Requirement {
    pub(super) fn new(rule: &Rule, refused: Option<Fault>) -> Self {
        let asked = |text: &Option<Box<str>>| text.clone().filter(|text| asks(text));
        Self {
            object: rule.object.clone(),
            roles: rule.roles.iter().map(Arc::clone).collect(),
            condition: asked(&rule.condition),
            applies_to: asked(&rule.applies_to),
            admin_overrides: rule.admin_overrides,
            refused,
        }
    }

    /// The `*` rule that stands where none is: only admin passes.
    pub(super) fn admin_only() -> Self {
        Self {
            object: everything(),
            roles: [Arc::from("admin")].into(),
            condition: None,
            applies_to: None,
            admin_overrides: true,
            refused: None,
        }
    }

    /// Says what becomes of it for a caller.
    pub(super) fn report(&self, decision: Decision, caller: &Caller) -> RuleReport {
        let has_role = self.has_role(caller);
        let outcome = match (self.judge(caller), self.refused.filter(|_| has_role)) {
            (Standing::Passes, _) => RuleOutcome::Passed,
            (Standing::When(_), _) => RuleOutcome::OnConditions,
            (Standing::Fails, Some(fault)) => RuleOutcome::Unobeyable(fault),
            (Standing::Fails, None) => RuleOutcome::NoRole,
        };
        RuleReport {
            object: self.object.to_string().into(),
            decision,
            roles: self.roles.to_vec(),
            condition: self.condition.clone(),
            applies_to: self.applies_to.clone(),
            outcome,
        }
    }

    fn applies_to(&self) -> Option<&str> {
        self.applies_to.as_deref()
    }

    fn has_role(&self, caller: &Caller) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|role| holds(caller, role))
    }

    fn judge(&self, caller: &Caller) -> Standing<'_> {
        let asked = Asked {
            applies_to: self.applies_to(),
            condition: self
                .condition
                .as_deref()
                .map_or(Condition::Nothing, Condition::Query),
        };
        if !self.has_role(caller) {
            Standing::Fails
        } else if caller.is_admin() && self.admin_overrides {
            Standing::Passes
        } else if self.refused.is_some() {
            Standing::Fails
        } else if asked == Asked::NOTHING {
            Standing::Passes
        } else {
            Standing::When(asked)
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

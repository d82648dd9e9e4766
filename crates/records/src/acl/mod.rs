//! Access control (`rest-and-records.md` §16): who may read and write what.
//!
//! ```text
//! sys_security_acl rows --RuleSet::build--> RuleSet      once per snapshot of dictionary and rules
//! Plan  --Access::permit_read---> Permitted<Plan>        row conditions in the predicate, columns dropped
//! Aggregate --Access::permit_aggregate-> Permitted<Aggregate>
//! Draft --Access::permit_insert-> Permitted<Insert>      fields dropped, defaults and rules applied
//! Draft --Access::permit_update-> Permitted<Update>
//! row   --Access::permit_delete-> Permitted<Delete>
//! ```
//! The store reads and writes only what is [`Permitted`], and nothing outside this module can make one, except
//! through [`Permitted::as_system`], which names its [`Reason`].
//!
//! What we chose where the documentation is open or silent:
//! - **Fall-through (§16.2).** As documented: a caller who fails every rule at one point is judged by the next,
//!   more general one, and is denied only when all fail. So one passing *Allow-If* rule at any point is enough.
//!   *Deny-Unless* rules of all points must pass.
//! - **Default deny.** Where no active `*` table rule exists for create, read, write or delete, one for `admin`
//!   stands in for it (`glide.sm.default_mode=deny`).
//! - **Parent tables.** Rows of a child class read through a parent are judged by the child's table rules, and a
//!   field is readable through a parent only if it is readable in every class below it that has field rules.
//! - **Field rules with a condition** never grant reading a column; unconditional rules do. On a write the row is
//!   at hand, so there they are evaluated.
//! - **Dot-walking** reaches a table only if the caller may read all its rows, and each column on the way.
//! - **Counts** obey row conditions too, unlike the measured instance (§2.4): a count that ignores them tells
//!   strangers what hidden rows hold (CVE-2025-3648).
//! - **Conditions that dot-walk** are joined into reads; a write cannot join, so there such a rule does not pass.
//! - **Conditions that cannot be resolved** whole make their rule fail: a dropped term would widen it.
//! - Conditions compare text without regard to case, as every predicate here does (§16.2 says with).

mod caller;
mod condition;
mod decide;
mod explain;
mod gate;
mod permit;
mod permit_aggregate;
mod permit_read;
mod permit_write;
mod rule;
mod rules;

pub use caller::Caller;
pub use decide::Access;
pub use explain::{GateReport, Outcome, RuleOutcome, RuleReport};
pub use permit::{Denied, Permitted, Reason, Rejected};
pub use rule::{Decision, Fault, Object, Operation, Problem, Rule, Scope};
pub use rules::RuleSet;

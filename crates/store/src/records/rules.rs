//! Access rules: `sys_security_acl` and its roles become the rule set that decisions look at.

use std::{collections::HashMap, sync::Arc};

use snowglobe_records::{
    Dictionary,
    acl::{Decision, Object, Operation, Rule, RuleSet},
};

use super::Find;
use crate::{
    Store,
    backend::StoreError,
    sql::{Row, Rows},
};

const COLUMNS: [&str; 11] = [
    "sys_id",
    "name",
    "operation",
    "active",
    "admin_overrides",
    "decision_type",
    "condition",
    "advanced",
    "script",
    "type",
    "applies_to",
];

impl Store {
    pub(crate) async fn load_rules(&self, dictionary: &Dictionary) -> Result<RuleSet, StoreError> {
        let rows = self
            .select(dictionary, "sys_security_acl", Find::All, &COLUMNS)
            .await?;
        let fields = ["sys_security_acl", "sys_user_role.name"];
        let roles = self
            .select(dictionary, "sys_security_acl_role", Find::All, &fields)
            .await?;
        let roles = by_rule(&roles);
        let of_records = rows.iter().filter(|row| row.text(9) == "record");
        let rules: Vec<Rule> = of_records.filter_map(|row| rule(row, &roles)).collect();
        let (rules, problems) = RuleSet::build(&rules, dictionary);
        for problem in problems {
            tracing::warn!(problem = %problem, "an access rule lets nobody pass");
        }
        Ok(rules)
    }
}

fn by_rule(rows: &Rows) -> HashMap<&str, Vec<Arc<str>>> {
    let mut roles: HashMap<&str, Vec<Arc<str>>> = HashMap::new();
    for row in rows.iter() {
        roles
            .entry(row.text(0))
            .or_default()
            .push(row.text(1).into());
    }
    roles
}

fn rule(row: Row<'_>, roles: &HashMap<&str, Vec<Arc<str>>>) -> Option<Rule> {
    let object = match Object::parse(row.text(1)) {
        Ok(object) => object,
        Err(error) => {
            tracing::warn!(acl = row.text(0), error = %error, "an access rule names no object");
            return None;
        }
    };
    Some(Rule {
        object,
        operation: Operation::parse(row.text(2)),
        active: row.int(3) != 0,
        admin_overrides: row.int(4) != 0,
        decision: Decision::parse(row.text(5)),
        condition: row.get(6).as_text().map(Into::into),
        applies_to: row.get(10).as_text().map(Into::into),
        scripted: row.int(7) != 0 && !row.text(8).trim().is_empty(),
        roles: roles.get(row.text(0)).cloned().unwrap_or_default(),
    })
}

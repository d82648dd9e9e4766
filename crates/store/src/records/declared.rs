//! Declared rules: `sys_script`, `sys_data_policy2` and its rules become the set that writes pass, with the triggers of
//! flows that they pull.

use std::collections::HashMap;

use snowglobe_records::{
    Dictionary,
    name::Name,
    write::{Actions, BusinessRule, DataPolicy, Declared, FieldPolicy},
};

use super::Find;
use crate::{
    Store,
    backend::StoreError,
    sql::{Row, Rows},
};

const BUSINESS_RULE: [&str; 14] = [
    "sys_id",
    "name",
    "collection",
    "order",
    "action_insert",
    "action_update",
    "action_delete",
    "filter_condition",
    "role_conditions",
    "template",
    "abort_action",
    "message",
    "active",
    "when",
];

const DATA_POLICY: [&str; 7] = [
    "sys_id",
    "model_table",
    "inherit",
    "conditions",
    "active",
    "apply_soap",
    "reverse_if_false",
];

const FIELD_POLICY: [&str; 4] = ["sys_data_policy", "field", "mandatory", "disabled"];

impl Store {
    /// Reads what people declared.
    pub(crate) async fn load_declared(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Declared, StoreError> {
        let find = |table, columns| self.select(dictionary, table, Find::All, columns);
        let rules = find("sys_script", &BUSINESS_RULE[..]).await?;
        let policies = find("sys_data_policy2", &DATA_POLICY[..]).await?;
        let fields = find("sys_data_policy_rule", &FIELD_POLICY[..]).await?;
        let mut fields = by_policy(&fields);
        let runs = |row: &Row<'_>| row.int(12) != 0 && row.text(13) == "before";
        let holds = |row: &Row<'_>| row.int(4) != 0 && row.int(5) != 0;
        let rules = rules.iter().filter(runs).filter_map(business_rule);
        let policies = policies.iter().filter(holds);
        let policies = policies.filter_map(|row| data_policy(row, &mut fields));
        let declared = Declared::build(rules.collect(), policies.collect(), dictionary);
        let triggers = self.load_triggers(dictionary).await?;
        Ok(declared.with_triggers(triggers, dictionary))
    }
}

fn business_rule(row: Row<'_>) -> Option<BusinessRule> {
    let roles = row.text(8).split(',').map(str::trim);
    Some(BusinessRule {
        sys_id: row.text(0).into(),
        name: row.text(1).into(),
        table: Name::parse(row.text(2)).ok()?,
        order: row.int(3),
        on: Actions {
            insert: row.int(4) != 0,
            update: row.int(5) != 0,
            delete: row.int(6) != 0,
        },
        condition: row.text(7).into(),
        roles: roles
            .filter(|role| !role.is_empty())
            .map(Into::into)
            .collect(),
        template: row.text(9).into(),
        aborts: row.int(10) != 0,
        message: row.text(11).into(),
    })
}

fn data_policy(row: Row<'_>, fields: &mut HashMap<String, Vec<FieldPolicy>>) -> Option<DataPolicy> {
    Some(DataPolicy {
        table: Name::parse(row.text(1)).ok()?,
        inherit: row.int(2) != 0,
        condition: row.text(3).into(),
        reverse_if_false: row.int(6) != 0,
        fields: fields.remove(row.text(0)).unwrap_or_default(),
    })
}

fn by_policy(rows: &Rows) -> HashMap<String, Vec<FieldPolicy>> {
    let mut fields: HashMap<String, Vec<FieldPolicy>> = HashMap::new();
    for row in rows.iter() {
        fields
            .entry(row.text(0).to_owned())
            .or_default()
            .push(FieldPolicy {
                element: row.text(1).into(),
                mandatory: said(row.text(2)),
                read_only: said(row.text(3)),
            });
    }
    fields
}

/// What a rule says of a field: yes, no, or nothing.
fn said(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

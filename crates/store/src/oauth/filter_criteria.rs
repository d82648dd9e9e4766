//! Authentication policies, from the records of their filter criteria and conditions to what the rules ask for
//! (`inbound-oauth.md` §5.2).

use std::collections::HashMap;

use snowglobe_oauth::api_access::criteria::{AuthPolicy, Criterion, Range};
use snowglobe_records::{Dictionary, pack};

use crate::{
    Store,
    backend::StoreError,
    records::Find,
    sql::{Row, Rows},
};

/// A criterion as conditions name it.
struct Named {
    sys_id: Box<str>,
    name: Box<str>,
    criterion: Criterion,
}

/// The lines of every criterion, by its key.
type Lines<T> = HashMap<Box<str>, Vec<T>>;

/// The active authentication policies, by what they are asked for.
pub(super) struct AuthPolicies {
    /// Those of each profile, by the profile's key.
    pub(super) of_profiles: HashMap<Box<str>, Vec<AuthPolicy>>,
    /// The Global Blocking Policy.
    pub(super) blocking: Option<AuthPolicy>,
}

impl Store {
    /// Reads the active policies.
    pub(super) async fn load_auth_policies(
        &self,
        dictionary: &Dictionary,
    ) -> Result<AuthPolicies, StoreError> {
        let all = async |table, fields| self.select(dictionary, table, Find::All, fields).await;
        let criteria = self.load_criteria(dictionary).await?;
        let inputs = all(
            "sys_authentication_policy_criteria_m2m",
            &["policy", "sys_auth_filter_criteria"],
        )
        .await?;
        let inputs = lines(&inputs, |row| {
            let criterion = find(&criteria, row.text(1)).cloned();
            Some(criterion.unwrap_or(Criterion::Unreadable))
        });
        let conditions = all("sys_auth_policy_condition", &["policy", "condition"]).await?;
        let conditions = lines(&conditions, |row| Some(condition(row.text(1), &criteria)));
        let rows = all("sys_authentication_policy", &["sys_id", "active", "name"]).await?;
        let active = || rows.iter().filter(|row| row.int(1) != 0);
        let policies: HashMap<&str, AuthPolicy> = active()
            .map(|row| {
                let of = |key: &str| conditions.get(key).cloned().unwrap_or_default();
                let inputs = inputs.get(row.text(0)).cloned().unwrap_or_default();
                (row.text(0), AuthPolicy::new(inputs, of(row.text(0))))
            })
            .collect();
        let mappings = all("auth_policy_mapping", &["inbound_auth_profile", "policy"]).await?;
        let blocking = active().find(|row| row.text(2) == pack::GLOBAL_BLOCKING_POLICY);
        Ok(AuthPolicies {
            of_profiles: lines(&mappings, |row| policies.get(row.text(1)).cloned()),
            blocking: blocking.and_then(|row| policies.get(row.text(0)).cloned()),
        })
    }

    async fn load_criteria(&self, dictionary: &Dictionary) -> Result<Vec<Named>, StoreError> {
        let all = async |table, fields| self.select(dictionary, table, Find::All, fields).await;
        let rows = all(
            "sys_ip_address_range",
            &["criteria", "range_start", "range_end"],
        )
        .await?;
        let mut ranges = lines(&rows, |row| Some(Range::parse(row.text(1), row.text(2))));
        let rows = all("sys_ip_address_subnet", &["criteria", "network", "netmask"]).await?;
        let networks = lines(&rows, |row| {
            Some(Range::parse_network(row.text(1), &row.int(2).to_string()))
        });
        for (criterion, networks) in networks {
            ranges.entry(criterion).or_default().extend(networks);
        }
        let rows = all("sys_auth_policy_criteria_role", &["criteria", "role.name"]).await?;
        let mut roles = lines(&rows, |row| Some(row.text(1).into()));
        let rows = all("sys_auth_policy_criteria_group", &["criteria", "group"]).await?;
        let mut groups = lines(&rows, |row| Some(row.text(1).into()));
        let rows = all(
            "sys_auth_filter_criteria",
            &["sys_id", "name", "sys_class_name"],
        )
        .await?;
        let criteria = rows.iter().filter_map(|row| {
            let key = row.text(0);
            let criterion = match row.text(2) {
                "sys_ip_filter_criteria" => {
                    let ranges = ranges.remove(key).unwrap_or_default();
                    let ranges: Option<Vec<Range>> = ranges.into_iter().collect();
                    ranges.map_or(Criterion::Unreadable, Criterion::Address)
                }
                "sys_role_filter_criteria" => {
                    Criterion::Role(roles.remove(key).unwrap_or_default())
                }
                "sys_group_filter_criteria" => {
                    Criterion::Group(groups.remove(key).unwrap_or_default())
                }
                _ => return None,
            };
            Some(Named {
                sys_id: key.into(),
                name: row.text(1).into(),
                criterion,
            })
        });
        Ok(criteria.collect())
    }
}

/// Collects what rows say under the key in their first field.
fn lines<T>(rows: &Rows, read: impl Fn(Row<'_>) -> Option<T>) -> Lines<T> {
    let mut lines: Lines<T> = HashMap::new();
    for row in rows.iter() {
        if let Some(line) = read(row) {
            lines.entry(row.text(0).into()).or_default().push(line);
        }
    }
    lines
}

/// A criterion by its key or its name.
fn find<'c>(criteria: &'c [Named], named: &str) -> Option<&'c Criterion> {
    let named = named.trim();
    let fits = |it: &&Named| *it.sys_id == *named || it.name.eq_ignore_ascii_case(named);
    criteria.iter().find(fits).map(|it| &it.criterion)
}

/// Reads `Office=true^Contractors=false`. What cannot be read, or names nothing, can never be met: a condition that
/// lost one of its parts would let in too many.
fn condition(text: &str, criteria: &[Named]) -> Vec<(Criterion, bool)> {
    let part = |part: &str| {
        let (named, wanted) = part.rsplit_once('=')?;
        let wanted = match wanted.trim() {
            it if it.eq_ignore_ascii_case("true") => true,
            it if it.eq_ignore_ascii_case("false") => false,
            _ => return None,
        };
        Some((find(criteria, named)?.clone(), wanted))
    };
    let parts: Option<Vec<_>> = text
        .split('^')
        .filter(|it| !it.is_empty())
        .map(part)
        .collect();
    parts.unwrap_or_else(|| {
        tracing::warn!(
            condition = text,
            "a policy condition names no filter criterion"
        );
        Vec::new()
    })
}

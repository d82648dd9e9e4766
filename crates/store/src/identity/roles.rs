//! Which roles a user has: their own, their groups', and whatever those contain (`rest-and-records.md` §15.2).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use snowglobe_records::{Dictionary, Value};

use crate::{Store, backend::StoreError, records::Find};

/// What each role contains, by name.
#[derive(Debug, Default)]
pub(crate) struct Contains(HashMap<Arc<str>, Vec<Arc<str>>>);

impl Contains {
    fn insert(&mut self, role: &str, contained: &str) {
        self.0
            .entry(role.into())
            .or_default()
            .push(contained.into());
    }

    /// Returns the roles and everything they contain, however deep; circles end.
    fn closure(&self, roles: impl IntoIterator<Item = Arc<str>>) -> BTreeSet<Arc<str>> {
        let mut found = BTreeSet::new();
        let mut open: Vec<Arc<str>> = roles.into_iter().collect();
        while let Some(role) = open.pop() {
            if found.insert(Arc::clone(&role)) {
                open.extend(self.0.get(&role).into_iter().flatten().cloned());
            }
        }
        found
    }
}

impl Store {
    pub(crate) async fn load_contains(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Contains, StoreError> {
        let fields = ["role.name", "contains.name"];
        let rows = self
            .select(dictionary, "sys_user_role_contains", Find::All, &fields)
            .await?;
        let mut contains = Contains::default();
        for row in rows.iter() {
            contains.insert(row.text(0), row.text(1));
        }
        Ok(contains)
    }

    /// Returns the effective roles of a user.
    pub(crate) async fn roles_of(
        &self,
        dictionary: &Dictionary,
        user: &str,
    ) -> Result<BTreeSet<Arc<str>>, StoreError> {
        let own = Find::By("user", Value::text(user));
        let mut roles: Vec<Arc<str>> = Vec::new();
        let own = self
            .select(dictionary, "sys_user_has_role", own, &["role.name"])
            .await?;
        roles.extend(own.iter().map(|row| row.text(0).into()));
        let groups = self.groups_of(dictionary, user).await?;
        for group in groups {
            let of_group = Find::By("group", Value::Text(group));
            let rows = self
                .select(dictionary, "sys_group_has_role", of_group, &["role.name"])
                .await?;
            roles.extend(rows.iter().map(|row| row.text(0).into()));
        }
        roles.retain(|role| !role.is_empty());
        Ok(self.snapshots.contains.load().closure(roles))
    }

    /// The groups of a user and the groups above them: a child group has its parent's roles.
    async fn groups_of(
        &self,
        dictionary: &Dictionary,
        user: &str,
    ) -> Result<BTreeSet<Box<str>>, StoreError> {
        let member = Find::By("user", Value::text(user));
        let fields = ["group", "group.parent"];
        let rows = self
            .select(dictionary, "sys_user_grmember", member, &fields)
            .await?;
        let mut groups = BTreeSet::new();
        let mut open: Vec<Box<str>> = Vec::new();
        for row in rows.iter() {
            groups.insert(row.text(0).into());
            open.extend(row.get(1).as_text().map(Into::into));
        }
        while let Some(group) = open.pop() {
            if groups.insert(group.clone()) {
                let above = Find::By("sys_id", Value::Text(group));
                let rows = self
                    .select(dictionary, "sys_user_group", above, &["parent"])
                    .await?;
                open.extend(
                    rows.iter()
                        .filter_map(|row| row.get(0).as_text().map(Into::into)),
                );
            }
        }
        Ok(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contained_roles_count_however_deep_and_circles_end() {
        let mut contains = Contains::default();
        for (role, contained) in [
            ("itil", "sn_incident_write"),
            ("sn_incident_write", "template_editor"),
        ] {
            contains.insert(role, contained);
        }
        contains.insert("template_editor", "itil");
        let names: Vec<String> = contains
            .closure(["itil".into()])
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["itil", "sn_incident_write", "template_editor"]);
    }
}

//! Which roles a user has: their own, their groups', and whatever those contain (`rest-and-records.md` §15.2).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use snowglobe_records::{Dictionary, Value};

use crate::{
    Store,
    backend::StoreError,
    records::{Find, Look},
    sql::{Row, Rows},
};

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

/// What a user belongs to.
#[derive(Debug)]
pub(crate) struct Membership {
    /// Effective roles.
    pub(crate) roles: BTreeSet<Arc<str>>,
    /// The groups whose member the user is, without those above.
    pub(crate) groups: Box<[Box<str>]>,
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

    /// Returns what a user belongs to: three look-ups, and one for each further level of groups.
    pub(crate) async fn membership_of(
        &self,
        dictionary: &Dictionary,
        user: &str,
    ) -> Result<Membership, StoreError> {
        let of_user = || Find::By("user", Value::text(user));
        let looks = [
            Look {
                table: "sys_user_has_role",
                find: of_user(),
                fields: &["role.name"],
            },
            Look {
                table: "sys_user_grmember",
                find: of_user(),
                fields: &["group", "group.parent"],
            },
        ];
        let answers = self.look_up(dictionary, &looks).await?;
        let own = answers.first().into_iter().flat_map(Rows::iter);
        let mut roles: Vec<Arc<str>> = own.map(|row| row.text(0).into()).collect();
        let member = || answers.get(1).into_iter().flat_map(Rows::iter);
        let own_groups = member().filter_map(|row| row.get(0).as_text().map(Into::into));
        let own_groups = own_groups.collect();
        let groups = self.with_those_above(dictionary, member()).await?;
        if !groups.is_empty() {
            let of_groups = Find::Among("group", values(groups));
            let fields = ["role.name"];
            let rows = self
                .select(dictionary, "sys_group_has_role", of_groups, &fields)
                .await?;
            roles.extend(rows.iter().map(|row| row.text(0).into()));
        }
        roles.retain(|role| !role.is_empty());
        Ok(Membership {
            roles: self.snapshots.contains.load().closure(roles),
            groups: own_groups,
        })
    }

    /// The groups of a user and the groups above them: a child group has its parent's roles.
    async fn with_those_above(
        &self,
        dictionary: &Dictionary,
        member: impl Iterator<Item = Row<'_>>,
    ) -> Result<BTreeSet<Box<str>>, StoreError> {
        let (mut groups, mut above) = (BTreeSet::new(), BTreeSet::new());
        for row in member {
            groups.insert(row.text(0).into());
            above.extend(row.get(1).as_text().map(Into::into));
        }
        loop {
            let new: BTreeSet<Box<str>> = above.difference(&groups).cloned().collect();
            if new.is_empty() {
                return Ok(groups);
            }
            groups.extend(new.iter().cloned());
            let find = Find::Among("sys_id", values(new));
            let rows = self
                .select(dictionary, "sys_user_group", find, &["parent"])
                .await?;
            let parents = rows.iter().filter_map(|row| row.get(0).as_text());
            above = parents.map(Into::into).collect();
        }
    }
}

fn values(texts: BTreeSet<Box<str>>) -> Vec<Value> {
    texts
        .into_iter()
        .map(|text| Value::Text(text.into()))
        .collect()
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

//! Who a user is, which roles they have, and how soon a change of either counts.

use std::sync::Arc;

use snowglobe_records::SysId;
use snowglobe_store::Store;

use crate::fixture::{Place, delete, insert, make_table, update, values};

pub(crate) async fn roles_come_from_everywhere_they_may(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    assert_eq!(roles(&store).await, Vec::<String>::new());
    people
        .gives("sys_user_has_role", "user", people.user, "test_own")
        .await;
    people
        .gives("sys_group_has_role", "group", people.group, "test_group")
        .await;
    people
        .gives("sys_group_has_role", "group", people.above, "test_above")
        .await;
    people
        .gives("sys_group_has_role", "group", people.top, "test_top")
        .await;
    assert_eq!(roles(&store).await, ["test_own"]);
    people.joins().await;
    assert_eq!(
        roles(&store).await,
        ["test_above", "test_group", "test_own", "test_top"]
    );
    people.contains("test_top", "test_deep").await;
    people.contains("test_deep", "test_deeper").await;
    people.contains("test_deeper", "test_top").await;
    assert_eq!(
        roles(&store).await,
        [
            "test_above",
            "test_deep",
            "test_deeper",
            "test_group",
            "test_own",
            "test_top"
        ]
    );
}

pub(crate) async fn a_circle_of_groups_ends(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    people.joins().await;
    people
        .gives("sys_group_has_role", "group", people.top, "test_top")
        .await;
    let top = [("parent", people.group.as_str())];
    update(&store, "sys_user_group", people.top, &top).await;
    assert_eq!(roles(&store).await, ["test_top"]);
}

pub(crate) async fn every_change_of_a_role_counts_at_once(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    let member = people.joins().await;
    let own = people
        .gives("sys_user_has_role", "user", people.user, "test_own")
        .await;
    let of_group = people
        .gives("sys_group_has_role", "group", people.group, "test_group")
        .await;
    people
        .gives("sys_group_has_role", "group", people.top, "test_top")
        .await;
    let contained = people.contains("test_own", "test_deep").await;
    assert_eq!(
        roles(&store).await,
        ["test_deep", "test_group", "test_own", "test_top"]
    );
    delete(&store, "sys_user_role_contains", contained).await;
    assert_eq!(roles(&store).await, ["test_group", "test_own", "test_top"]);
    update(&store, "sys_user_group", people.group, &[("parent", "")]).await;
    assert_eq!(roles(&store).await, ["test_group", "test_own"]);
    delete(&store, "sys_group_has_role", of_group).await;
    assert_eq!(roles(&store).await, ["test_own"]);
    update(
        &store,
        "sys_user_role",
        people.role("test_own").await,
        &[("name", "test_new")],
    )
    .await;
    assert_eq!(roles(&store).await, ["test_new"]);
    delete(&store, "sys_user_has_role", own).await;
    assert_eq!(roles(&store).await, Vec::<String>::new());
    delete(&store, "sys_user_grmember", member).await;
    assert_eq!(roles(&store).await, Vec::<String>::new());
}

pub(crate) async fn every_change_of_a_user_counts_at_once(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    let known = store.user_by_name("tester").await.unwrap().unwrap();
    assert!(known.account.active);
    let again = store.user_by_no(known.account.no).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&known, &again), "it is kept in memory");
    update(&store, "sys_user", people.user, &[("active", "false")]).await;
    assert!(
        !store
            .user_by_no(known.account.no)
            .await
            .unwrap()
            .unwrap()
            .account
            .active
    );
    update(&store, "sys_user", people.user, &[("user_name", "renamed")]).await;
    assert!(store.user_by_name("tester").await.unwrap().is_none());
    assert!(store.user_by_name("RENAMED").await.unwrap().is_some());
    delete(&store, "sys_user", people.user).await;
    assert!(store.user_by_no(known.account.no).await.unwrap().is_none());
    assert!(store.user_by_name("renamed").await.unwrap().is_none());
    assert!(store.user_by_name("").await.unwrap().is_none());
}

pub(crate) async fn a_user_of_a_table_made_at_run_time_counts_too(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_partner", Some("sys_user")).await;
    let sys_id = insert(&store, "u_partner", &[("user_name", "partner")]).await;
    assert!(
        store
            .user_by_name("partner")
            .await
            .unwrap()
            .unwrap()
            .account
            .active
    );
    update(&store, "u_partner", sys_id, &[("locked_out", "true")]).await;
    assert!(
        store
            .user_by_name("partner")
            .await
            .unwrap()
            .unwrap()
            .account
            .locked_out
    );
}

pub(crate) async fn a_users_formats_follow_the_instances(place: Place) {
    let store = place.open().await;
    People::make(&store).await;
    let zone = async || {
        let user = store.user_by_name("tester").await.unwrap().unwrap();
        user.format.time_zone.iana_name().map(str::to_owned)
    };
    let before = zone().await;
    let name = "glide.sys.default.tz";
    let known = values(&store, "sys_properties", &format!("name={name}"), "sys_id").await;
    if let Some(sys_id) = known.first() {
        let sys_id = sys_id.parse().unwrap();
        update(&store, "sys_properties", sys_id, &[("value", "Asia/Tokyo")]).await;
    } else {
        let body = [("name", name), ("value", "Asia/Tokyo")];
        insert(&store, "sys_properties", &body).await;
    }
    assert_ne!(before.as_deref(), Some("Asia/Tokyo"));
    assert_eq!(zone().await.as_deref(), Some("Asia/Tokyo"));
}

/// A user, a group with two above it, and roles for both.
pub(crate) struct People<'s> {
    store: &'s Store,
    pub(crate) user: SysId,
    pub(crate) group: SysId,
    above: SysId,
    pub(crate) top: SysId,
}

impl<'s> People<'s> {
    pub(crate) async fn make(store: &'s Store) -> Self {
        let user = [("user_name", "tester"), ("name", "Test Person")];
        let user = insert(store, "sys_user", &user).await;
        let top = insert(store, "sys_user_group", &[("name", "test top")]).await;
        let above = [("name", "test above"), ("parent", top.as_str())];
        let above = insert(store, "sys_user_group", &above).await;
        let group = [("name", "test group"), ("parent", above.as_str())];
        let group = insert(store, "sys_user_group", &group).await;
        Self {
            store,
            user,
            group,
            above,
            top,
        }
    }

    async fn joins(&self) -> SysId {
        let body = [("user", self.user.as_str()), ("group", self.group.as_str())];
        insert(self.store, "sys_user_grmember", &body).await
    }

    async fn role(&self, name: &str) -> SysId {
        let known = values(
            self.store,
            "sys_user_role",
            &format!("name={name}"),
            "sys_id",
        )
        .await;
        match known.first() {
            Some(known) => known.parse().unwrap(),
            None => insert(self.store, "sys_user_role", &[("name", name)]).await,
        }
    }

    async fn gives(&self, table: &str, holder: &str, to: SysId, role: &str) -> SysId {
        let role = self.role(role).await;
        insert(
            self.store,
            table,
            &[(holder, to.as_str()), ("role", role.as_str())],
        )
        .await
    }

    async fn contains(&self, role: &str, contained: &str) -> SysId {
        let (role, contained) = (self.role(role).await, self.role(contained).await);
        let body = [("role", role.as_str()), ("contains", contained.as_str())];
        insert(self.store, "sys_user_role_contains", &body).await
    }
}

async fn roles(store: &Store) -> Vec<String> {
    let user = store.user_by_name("tester").await.unwrap().unwrap();
    user.caller
        .roles()
        .iter()
        .map(ToString::to_string)
        .collect()
}

//! Who a user is, which roles they have, and how soon a change of either counts.

use std::sync::Arc;

use snowglobe_records::SysId;
use snowglobe_store::Store;

use crate::fixture::{ADMIN, Place, delete, insert, make_table, plan, table, update, values};

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
    match known.first() {
        Some(sys_id) => {
            let sys_id = sys_id.parse().unwrap();
            update(&store, "sys_properties", sys_id, &[("value", "Asia/Tokyo")]).await;
        }
        None => {
            let body = [("name", name), ("value", "Asia/Tokyo")];
            insert(&store, "sys_properties", &body).await;
        }
    }
    assert_ne!(before.as_deref(), Some("Asia/Tokyo"));
    assert_eq!(zone().await.as_deref(), Some("Asia/Tokyo"));
}

pub(crate) async fn a_client_acts_as_its_application_user(place: Place) {
    let store = place.open().await;
    let later = "00000000000000000000000000000a99";
    for (client_id, user) in [("of-admin", ADMIN), ("of-nobody", ""), ("of-later", later)] {
        let body = [("client_id", client_id), ("type", "client"), ("user", user)];
        insert(&store, "oauth_entity", &body).await;
    }
    let of = |client_id: &str| store.clients().by_id(client_id).unwrap().application_user;
    let admin = store.user_by_id(ADMIN).await.unwrap().unwrap();
    assert_eq!(of("of-admin"), Some(admin.account.no));
    assert_eq!((of("of-nobody"), of("of-later")), (None, None));
    insert(
        &store,
        "sys_user",
        &[("sys_id", later), ("user_name", "later")],
    )
    .await;
    let user = store.user_by_name("later").await.unwrap().unwrap();
    assert_eq!(of("of-later"), Some(user.account.no));
    assert!(
        store.clients().by_id("OF-ADMIN").is_none(),
        "compared byte by byte"
    );
}

pub(crate) async fn a_change_of_a_client_counts_at_once(place: Place) {
    let store = place.open().await;
    let body = [
        ("client_id", "robot"),
        ("type", "client"),
        ("name", "Robot"),
    ];
    let sys_id = insert(&store, "oauth_entity", &body).await;
    assert_eq!(
        store
            .clients()
            .by_id("robot")
            .unwrap()
            .access_token_lifespan,
        1800
    );
    let body = [("access_token_lifespan", "60"), ("active", "false")];
    update(&store, "oauth_entity", sys_id, &body).await;
    let client = Arc::clone(store.clients().by_id("robot").unwrap());
    assert_eq!((client.access_token_lifespan, client.active), (60, false));
    let body = [
        ("oauth_entity", sys_id.as_str()),
        ("oauth_entity_scope", "read"),
    ];
    insert(&store, "oauth_entity_scope", &body).await;
    assert!(
        store
            .clients()
            .by_id("robot")
            .unwrap()
            .scope
            .as_ref()
            .unwrap()
            .contains("read")
    );
    delete(&store, "oauth_entity", sys_id).await;
    assert!(store.clients().by_id("robot").is_none());
}

pub(crate) async fn a_damaged_client_harms_no_other(place: Place) {
    let store = place.open().await;
    let body = [("client_id", "broken"), ("access_token_lifespan", "-1")];
    insert(&store, "oauth_entity", &body).await;
    insert(&store, "oauth_entity", &[("client_id", "sound")]).await;
    assert!(store.clients().by_id("broken").is_none());
    assert!(store.clients().by_id("sound").is_some());
}

pub(crate) async fn references_show_what_they_point_to(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    let (group, user) = (people.group.to_string(), people.user.to_string());
    let body = [
        ("caller_id", ADMIN),
        ("assigned_to", &*user),
        ("assignment_group", &*group),
        (
            "watch_list",
            &*format!("{ADMIN}, {user},nobody@example.com"),
        ),
        ("opened_by", "dangling"),
    ];
    insert(&store, "incident", &body).await;
    let fields = [
        "caller_id",
        "assigned_to",
        "assignment_group",
        "watch_list",
        "opened_by",
    ];
    let plan = plan(&store, "incident", "", &fields);
    let page = store.read(&plan).await.unwrap();
    let dictionary = store.dictionary();
    let displays = store
        .displays(&dictionary, &plan, &page.rows)
        .await
        .unwrap();
    assert_eq!(displays.of("sys_user", ADMIN), Some("System Administrator"));
    assert_eq!(
        displays.of("sys_user", &ADMIN.to_ascii_uppercase()),
        Some("System Administrator")
    );
    assert_eq!(displays.of("sys_user", &user), Some("Test Person"));
    assert_eq!(displays.of("sys_user_group", &group), Some("test group"));
    assert_eq!(displays.of("sys_user", "dangling"), None);
    assert_eq!(displays.of("sys_user_group", ADMIN), None);
}

pub(crate) async fn the_dictionary_refers_by_name(place: Place) {
    let store = place.open().await;
    let fields = ["reference", "internal_type"];
    let plan = plan(
        &store,
        "sys_dictionary",
        "name=incident^element=caller_id",
        &fields,
    );
    let page = store.read(&plan).await.unwrap();
    let dictionary = store.dictionary();
    let displays = store
        .displays(&dictionary, &plan, &page.rows)
        .await
        .unwrap();
    assert_eq!(displays.of("sys_db_object", "sys_user"), Some("User"));
    assert_eq!(
        displays.of("sys_glide_object", "reference"),
        Some("Reference")
    );
}

pub(crate) async fn a_row_is_found_by_what_it_shows(place: Place) {
    let store = place.open().await;
    let people = People::make(&store).await;
    let dictionary = store.dictionary();
    let group = table(&store, "incident")
        .column("assignment_group")
        .cloned()
        .unwrap();
    let find = async |text: &str| {
        store
            .find_by_display(&dictionary, &group, text)
            .await
            .unwrap()
    };
    assert_eq!(find("Test Group").await, Some(people.group));
    assert_eq!(find(people.top.as_str()).await, Some(people.top));
    assert_eq!(find("no such group").await, None);
    assert_eq!(find("").await, None);
}

/// A user, a group with two above it, and roles for both.
struct People<'s> {
    store: &'s Store,
    user: SysId,
    group: SysId,
    above: SysId,
    top: SysId,
}

impl<'s> People<'s> {
    async fn make(store: &'s Store) -> Self {
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

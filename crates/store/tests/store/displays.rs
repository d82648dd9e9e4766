//! What references show, and what is found by it.

use crate::{
    fixture::{ADMIN, Place, insert, plan, table},
    users::People,
};

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
        .displays(&dictionary, &plan.outputs, &page.rows)
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
        .displays(&dictionary, &plan.outputs, &page.rows)
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

//! Columns are listed and called by their labels, wherever they are looked for.

use crate::fixture::{Place, insert, list, make_column, make_table, row, table, update, values};

pub(crate) async fn every_column_has_a_label_that_can_be_read(place: Place) {
    let store = place.open().await;
    for (query, label) in [
        ("name=incident^elementISEMPTY", "Incident"),
        ("name=incident^element=state", "State"),
        ("name=task^element=short_description", "Short description"),
        ("name=sys_user^element=sys_created_on", "Created"),
    ] {
        let found = values(&store, "sys_documentation", query, "label").await;
        assert_eq!(found, [label], "{query}");
    }
}

pub(crate) async fn a_new_column_has_its_label_at_once(place: Place) {
    let store = place.open().await;
    let of_asset = "name=u_asset^ORDERBYelement";
    let own = [("name", "u_asset"), ("element", "u_own"), ("label", "Mine")];
    insert(&store, "sys_documentation", &own).await;
    make_table(&store, "u_asset", None).await;
    for element in ["u_own", "u_tag"] {
        make_column(&store, "u_asset", element, "string", &[]).await;
        let query = format!("name=u_asset^element={element}");
        let found = values(&store, "sys_documentation", &query, "label").await;
        let label = if element == "u_own" { "Mine" } else { element };
        assert_eq!(found, [label]);
    }
    let store = place.kept(store).await;
    let found = values(&store, "sys_documentation", of_asset, "element").await;
    assert_eq!(found.iter().filter(|it| *it == "u_tag").count(), 1);
}

pub(crate) async fn a_label_is_changed_in_either_place(place: Place) {
    let store = place.open().await;
    let of_state = "name=incident^element=category";
    let label = list(&store, "sys_documentation", of_state, &["sys_id"]).await;
    let label = label[0][0].parse().unwrap();
    update(&store, "sys_documentation", label, &[("label", "Kind")]).await;
    let incident = table(&store, "incident");
    assert_eq!(&*incident.column("category").unwrap().label, "Kind");

    let column = list(&store, "sys_dictionary", of_state, &["sys_id"]).await;
    let column = column[0][0].parse().unwrap();
    let sort = [("column_label", "Sort")];
    update(&store, "sys_dictionary", column, &sort).await;
    let row = row(&store, "sys_documentation", label).await.unwrap();
    assert_eq!(row.value("label").as_text(), Some("Sort"));
}

pub(crate) async fn copies_of_inherited_columns_follow(place: Place) {
    let store = place.open().await;
    let copies = |element: &str| format!("nameINincident,problem^element={element}^ORDERBYname");
    let column = make_column(&store, "task", "u_floor", "string", &[]).await;
    let fields = ["name", "column_label", "mandatory", "attributes"];
    assert_eq!(
        list(&store, "sys_dictionary", &copies("u_floor"), &fields).await,
        [
            ["incident", "u_floor", "false", "inherited_from=task"],
            ["problem", "u_floor", "false", "inherited_from=task"],
        ]
    );
    let body = [("column_label", "Floor"), ("mandatory", "true")];
    update(&store, "sys_dictionary", column, &body).await;
    assert_eq!(
        list(&store, "sys_dictionary", &copies("u_floor"), &fields).await,
        [
            ["incident", "Floor", "true", "inherited_from=task"],
            ["problem", "Floor", "true", "inherited_from=task"],
        ]
    );
    // They declare nothing: the column is still one.
    let incident = table(&store, "incident");
    assert_eq!(incident.column("u_floor").unwrap().declared_in, "task");
    crate::fixture::delete(&store, "sys_dictionary", column).await;
    let left = list(&store, "sys_dictionary", &copies("u_floor"), &fields).await;
    assert!(left.is_empty(), "{left:?}");
}

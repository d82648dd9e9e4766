//! The Service Catalog API (`rest-and-records.md` §9.6).

use serde_json::{Value, json};

use crate::world::{Caller, World, text};

const API: &str = "/api/sn_sc/servicecatalog";

/// A catalog of one category and one thing, that asks one question.
struct Shop {
    catalog: String,
    category: String,
    item: String,
}

impl Shop {
    fn open(world: &World, name: &str) -> Self {
        let admin = world.admin();
        let made = |table: &str, fields: Value| text(&admin.create(table, &fields), "sys_id");
        let catalog = made(
            "sc_catalog",
            json!({"title": name, "description": "All of it"}),
        );
        let category = made(
            "sc_category",
            json!({"title": format!("{name} goods"), "sc_catalog": catalog}),
        );
        let item = made(
            "sc_cat_item",
            json!({"name": name, "short_description": "A thing", "category": category,
                   "sc_catalogs": catalog, "price": "1450"}),
        );
        let question = made(
            "item_option_new",
            json!({"cat_item": item, "name": "colour", "question_text": "Which colour?",
                   "type": "5", "mandatory": "true"}),
        );
        made(
            "question_choice",
            json!({"question": question, "text": "Red", "value": "red"}),
        );
        Self {
            catalog,
            category,
            item,
        }
    }
}

fn result(caller: &Caller<'_>, path: &str) -> Value {
    let answer = caller.get(&format!("{API}{path}"));
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()["result"].clone()
}

fn post(caller: &Caller<'_>, path: &str, body: &Value) -> Value {
    let answer = caller.send_json("POST", &format!("{API}{path}"), body);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()["result"].clone()
}

// covers: rest §9.6 servicecatalog
#[test]
fn rest_9_6_a_catalog_shows_its_categories_and_things() {
    let world = World::shared();
    let Shop {
        catalog,
        category,
        item,
    } = Shop::open(world, "Lamps");
    let employee = world.as_user("employee");
    let listed = result(&employee, "/catalogs?sysparm_text=lamps");
    assert_eq!(
        listed,
        json!([{"sys_id": catalog, "title": "Lamps", "description": "All of it",
                "has_categories": true, "has_items": true, "desktop_image": ""}])
    );
    let whole = result(&employee, &format!("/catalogs/{catalog}"));
    assert_eq!(whole["categories"][0]["title"], "Lamps goods");
    let categories = result(&employee, &format!("/catalogs/{catalog}/categories"));
    assert_eq!(
        (&categories[0]["sys_id"], &categories[0]["count"]),
        (&json!(category), &json!(1))
    );
    let one = result(&employee, &format!("/categories/{category}"));
    assert_eq!(
        (&one["title"], &one["child_categories"]),
        (&json!("Lamps goods"), &json!([]))
    );
    let items = result(&employee, &format!("/items?sysparm_category={category}"));
    let found = &items[0];
    assert_eq!(
        (&found["sys_id"], &found["price"], &found["type"]),
        (&json!(item), &json!("$1,450.00"), &json!("catalog_item"))
    );
    assert_eq!(
        found["catalogs"],
        json!([{"sys_id": catalog, "title": "Lamps"}])
    );
    assert_eq!(
        found["category"],
        json!({"sys_id": category, "title": "Lamps goods"})
    );
    let whole = result(&employee, &format!("/items/{item}"));
    let question = &whole["variables"][0];
    assert_eq!(
        (
            &question["name"],
            &question["friendly_type"],
            &question["mandatory"]
        ),
        (&json!("colour"), &json!("select_box"), &json!(true))
    );
    assert_eq!(
        question["choices"],
        json!([{"index": 0, "label": "Red", "value": "red"}])
    );
    let variables = result(&employee, &format!("/items/{item}/variables"));
    assert_eq!(variables, whole["variables"]);
    assert_eq!(employee.get(&format!("{API}/items/nothing")).status, 404);
}

// covers: rest §9.6 order_now
#[test]
fn rest_9_6_an_order_is_a_request_with_its_items_and_answers() {
    let world = World::shared();
    let shop = Shop::open(world, "Desks");
    let employee = world.as_user("employee");
    let path = format!("/items/{}/order_now", shop.item);
    let unanswered = employee.send_json("POST", &format!("{API}{path}"), &json!({}));
    assert_eq!(unanswered.status, 400);
    assert_eq!(
        unanswered.json()["error"]["detail"],
        "Mandatory Variables are required: colour"
    );
    let body = json!({"sysparm_quantity": "2", "variables": {"colour": "red", "unknown": "x"}});
    let order = post(&employee, &path, &body);
    assert_eq!(order["table"], "sc_request");
    assert_eq!(order["sys_id"], order["request_id"]);
    assert!(order["number"].as_str().unwrap().starts_with("REQ"));
    let id = order["request_id"].as_str().unwrap();
    let query = format!(
        "sysparm_query=request={id}&sysparm_exclude_reference_link=true&sysparm_fields=\
         sys_id,quantity,price,cat_item,request.number,request.requested_for.user_name"
    );
    let items = world.admin().list("sc_req_item", &query);
    assert_eq!(items.len(), 1);
    let requested = text(&items[0], "sys_id");
    assert_eq!(
        items[0],
        json!({"sys_id": requested, "quantity": "2", "price": "2900.0000", "cat_item": shop.item,
               "request.number": order["number"], "request.requested_for.user_name": "employee"})
    );
    let answers = world.admin().list(
        "sc_item_option_mtom",
        &format!(
            "sysparm_query=request_item={requested}&sysparm_fields=\
             sc_item_option.value,sc_item_option.item_option_new.name"
        ),
    );
    assert_eq!(
        answers,
        [json!({"sc_item_option.value": "red", "sc_item_option.item_option_new.name": "colour"})]
    );
}

// covers: rest §9.6 cart
#[test]
fn rest_9_6_a_cart_is_its_owners_and_is_ordered_as_one_request() {
    let world = World::shared();
    let shop = Shop::open(world, "Chairs");
    world.person("sc.buyer", "Right-1!", json!({}));
    let buyer = world.as_basic("sc.buyer", "Right-1!");
    let empty = result(&buyer, "/cart");
    assert_eq!(empty["subtotal_price"], "$0.00");
    let refused = buyer.send_json("POST", &format!("{API}/cart/submit_order"), &json!({}));
    assert_eq!(refused.status, 400);

    let add = format!("/items/{}/add_to_cart", shop.item);
    let wanted = json!({"sysparm_quantity": 1, "variables": {"colour": "red"}});
    let cart = post(&buyer, &add, &wanted);
    assert_eq!(cart["subtotal"], "$1,450.00");
    let line = &cart["items"][0];
    assert_eq!(
        (&line["item_name"], &line["quantity"]),
        (&json!("Chairs"), &json!("1"))
    );
    let line = line["cart_item_id"].as_str().unwrap();
    let path = format!("{API}/cart/{line}");
    let changed = buyer.send_json("PUT", &path, &json!({"sysparm_quantity": "3"}));
    assert_eq!(changed.json()["result"]["subtotal_price"], "$4,350.00");
    let shown = result(&buyer, "/cart");
    assert_eq!(
        shown["none"]["items"][0]["variables"],
        json!({"colour": "red"})
    );

    let stranger = world.as_user("employee");
    assert_eq!(stranger.send("DELETE", &path).status, 400);
    post(&buyer, &add, &wanted);
    let order = post(&buyer, "/cart/checkout", &json!({}));
    let id = order["request_id"].as_str().unwrap();
    let items = world
        .admin()
        .list("sc_req_item", &format!("sysparm_query=request={id}"));
    assert_eq!(items.len(), 2);
    assert_eq!(result(&buyer, "/cart")["subtotal_price"], "$0.00");

    let cart = post(&buyer, &add, &wanted);
    let line = cart["items"][0]["cart_item_id"].as_str().unwrap();
    let gone = buyer.send("DELETE", &format!("{API}/cart/{line}"));
    assert_eq!(gone.status, 204);
    let id = cart["cart_id"].as_str().unwrap();
    let emptied = buyer.send(
        "DELETE",
        &format!("/api/sn_sc/v1/servicecatalog/cart/{id}/empty"),
    );
    assert_eq!(emptied.status, 204);
    let again = buyer.send("DELETE", &format!("{API}/cart/{id}/empty"));
    assert_eq!(again.status, 400);
}

// covers: rest §9.6 submit_producer
#[test]
fn rest_9_6_a_record_producer_makes_a_record_of_its_table() {
    let world = World::shared();
    let producer = world.admin().create(
        "sc_cat_item_producer",
        &json!({"name": "Report a fault", "table_name": "incident"}),
    );
    let path = format!("/items/{}/submit_producer", text(&producer, "sys_id"));
    let body = json!({"variables": {"short_description": "The lamp is dark", "urgency": 1}});
    let made = post(&world.as_user("itil"), &path, &body);
    assert_eq!(
        (&made["table"], &made["parent_table"]),
        (&json!("incident"), &json!("task"))
    );
    let id = made["sys_id"].as_str().unwrap();
    assert_eq!(made["record"], format!("api/now/table/incident/{id}"));
    let query =
        format!("sysparm_query=sys_id={id}&sysparm_fields=short_description,urgency,number");
    let record = &world.admin().list("incident", &query)[0];
    assert_eq!(
        record,
        &json!({"short_description": "The lamp is dark", "urgency": "1", "number": made["number"]})
    );
}

#[test]
fn rest_9_6_things_are_asked_for_by_kind() {
    let admin = World::shared().admin();
    let kinds = |kind: &str| -> Vec<String> {
        let items = result(
            &admin,
            &format!("/items?sysparm_limit=1000&sysparm_type={kind}"),
        );
        let items = items.as_array().unwrap().iter();
        items.map(|item| text(item, "type")).collect()
    };
    let producers = kinds("Record Producer");
    assert!(producers.iter().all(|kind| kind == "record_producer") && !producers.is_empty());
    assert!(kinds("Anything").len() > producers.len());
}

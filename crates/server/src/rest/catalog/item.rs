//! How a thing that can be ordered is shown.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::rows::{Row, rows};
use crate::{error::RestError, records::Session};

/// What is read of an item.
pub(super) const ELEMENTS: &[&str] = &[
    "sys_id",
    "name",
    "short_description",
    "description",
    "category",
    "sc_catalogs",
    "sys_class_name",
    "price",
    "recurring_price",
    "order",
    "no_quantity",
    "delivery_time",
    "active",
];

/// The titles of the catalogs, by key.
pub(super) async fn titles(session: &Session) -> Result<HashMap<String, String>, RestError> {
    let catalogs = rows(session, "sc_catalog", &[], &["sys_id", "title"]).await?;
    let title = |row: Row| {
        (
            row.value("sys_id").to_owned(),
            row.value("title").to_owned(),
        )
    };
    Ok(catalogs.into_iter().map(title).collect())
}

/// Returns whether an item is in a catalog.
pub(super) fn is_in(item: &Row, catalog: &str) -> bool {
    item.value("sc_catalogs")
        .split(',')
        .any(|one| one == catalog)
}

/// Returns an item as lists show it.
pub(super) fn shown(item: &Row, titles: &HashMap<String, String>) -> Value {
    let catalogs: Vec<Value> = item
        .value("sc_catalogs")
        .split(',')
        .filter_map(|key| Some(json!({"sys_id": key, "title": titles.get(key)?})))
        .collect();
    let category = match item.value("category") {
        "" => json!({}),
        key => json!({"sys_id": key, "title": item.shown("category")}),
    };
    let class = item.value("sys_class_name");
    let mut shown = json!({
        "sys_id": item.value("sys_id"),
        "name": item.value("name"),
        "short_description": item.value("short_description"),
        "description": item.value("description"),
        "sys_class_name": class,
        "type": kind(class),
        "catalogs": catalogs,
        "category": category,
        "show_price": item.number("price") > 0.0,
        "show_quantity": !item.is("no_quantity"),
        "order": item.number("order"),
        "kb_article": "",
        "icon": "",
        "picture": "",
        "url": "",
        "content_type": "",
    });
    if kind(class) == "catalog_item" {
        for (name, price) in [
            ("price", "price"),
            ("localized_price", "price"),
            ("recurring_price", "recurring_price"),
            ("localized_recurring_price", "recurring_price"),
        ] {
            shown[name] = money(item.number(price)).into();
        }
        shown["local_currency"] = "USD".into();
        shown["price_currency"] = "USD".into();
        shown["recurring_price_currency"] = "USD".into();
    }
    shown
}

fn kind(class: &str) -> &'static str {
    match class {
        "sc_cat_item_producer" | "std_change_record_producer" => "record_producer",
        "sc_cat_item_guide" => "order_guide",
        _ => "catalog_item",
    }
}

/// `1450` is `$1,450.00`.
pub(super) fn money(amount: f64) -> String {
    // An empty sum is -0.0.
    let text = format!("{:.2}", amount + 0.0);
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("${grouped}.{cents}")
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn money_has_groups_and_cents() {
        for (amount, expected) in [
            (0.0, "$0.00"),
            (-0.0, "$0.00"),
            (96.0, "$96.00"),
            (1450.0, "$1,450.00"),
            (1_234_567.891, "$1,234,567.89"),
        ] {
            assert_eq!(money(amount), expected);
        }
    }
}

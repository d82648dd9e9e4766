//! Looking around: catalogs, their categories, and what is in them.

use std::collections::HashMap;

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Head,
    item::{self as shown_item, is_in},
    rows::{Row, row, rows, selected},
    told, variable,
};
use crate::{
    app::App,
    error::RestError,
    records::Session,
    rest::{params::pairs, path::Named},
};

/// Rows of a list that asks for no number (the documented default).
const PAGE: usize = 10;
const CATALOG: &[&str] = &["sys_id", "title", "description"];
const CATEGORY: &[&str] = &["sys_id", "title", "description", "parent", "sc_catalog"];

/// What a list asks for.
#[derive(Default)]
struct Asked {
    limit: Option<usize>,
    offset: usize,
    text: String,
    catalog: Option<String>,
    category: Option<String>,
    /// The kind of item, if it is one of the two that can be asked for.
    kind: Option<&'static str>,
    top_level_only: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs(request.uri().query().unwrap_or_default()) {
            let named = Some(value.to_string()).filter(|value| !value.is_empty());
            match &*name {
                "sysparm_limit" => asked.limit = value.parse().ok(),
                "sysparm_offset" => asked.offset = value.parse().unwrap_or_default(),
                "sysparm_text" => asked.text = value.to_ascii_lowercase(),
                "sysparm_catalog" => asked.catalog = named,
                "sysparm_category" => asked.category = named,
                // “If any other value is passed, the information is ignored.”
                "sysparm_type" => {
                    asked.kind = match &*value {
                        "Record Producer" => Some("record_producer"),
                        "Order Guide" => Some("order_guide"),
                        _ => None,
                    }
                }
                "sysparm_top_level_only" => asked.top_level_only = &*value == "true",
                _ => {}
            }
        }
        asked
    }

    fn page(&self, all: impl Iterator<Item = Value>) -> Value {
        let limit = self.limit.unwrap_or(PAGE);
        all.skip(self.offset).take(limit).collect()
    }

    fn says(&self, row: &Row, elements: &[&str]) -> bool {
        let within = |element: &&str| row.value(element).to_ascii_lowercase().contains(&self.text);
        self.text.is_empty() || elements.iter().any(within)
    }
}

/// `GET /api/sn_sc/servicecatalog/catalogs`
pub(crate) async fn catalogs(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let asked = Asked::of(&request);
    let found = selected(&session, "sc_catalog", "active=true^ORDERBYtitle", CATALOG).await?;
    let (categories, items) = (all_categories(&session).await?, all_items(&session).await?);
    let all = found
        .iter()
        .filter(|row| asked.says(row, &["title"]))
        .map(|row| catalog_shown(row, &categories, &items));
    Ok(told(&asked.page(all)))
}

/// `GET /api/sn_sc/servicecatalog/catalogs/{sys_id}`
pub(crate) async fn catalog(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let found = row(&session, "sc_catalog", &sys_id, CATALOG).await?;
    let (categories, items) = (all_categories(&session).await?, all_items(&session).await?);
    let mut catalog = catalog_shown(&found, &categories, &items);
    catalog["categories"] = categories
        .iter()
        .filter(|row| row.value("sc_catalog") == sys_id)
        .map(|row| {
            json!({
                "sys_id": row.value("sys_id"),
                "title": row.value("title"),
                "description": row.value("description"),
                "header_image": "",
            })
        })
        .collect();
    Ok(told(&catalog))
}

fn catalog_shown(row: &Row, categories: &[Row], items: &[Row]) -> Value {
    let key = row.value("sys_id");
    json!({
        "sys_id": key,
        "title": row.value("title"),
        "description": row.value("description"),
        "has_categories": categories.iter().any(|one| one.value("sc_catalog") == key),
        "has_items": items.iter().any(|one| is_in(one, key)),
        "desktop_image": "",
    })
}

/// `GET /api/sn_sc/servicecatalog/catalogs/{sys_id}/categories`
pub(crate) async fn categories(
    State(app): State<App>,
    Named(catalog): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    row(&session, "sc_catalog", &catalog, &["sys_id"]).await?;
    let asked = Asked::of(&request);
    let (all, items) = (all_categories(&session).await?, all_items(&session).await?);
    let counts = counts(&items);
    let of_catalog = all
        .iter()
        .filter(|row| row.value("sc_catalog") == catalog)
        .filter(|row| !asked.top_level_only || row.value("parent").is_empty())
        .map(|row| {
            let mut shown = category_shown(row);
            shown["count"] = counts.get(row.value("sys_id")).copied().unwrap_or(0).into();
            shown["subcategories"] = below(row, &all)
                .map(
                    |child| json!({"sys_id": child.value("sys_id"), "title": child.value("title")}),
                )
                .collect();
            shown
        });
    Ok(told(&asked.page(of_catalog)))
}

/// `GET /api/sn_sc/servicecatalog/categories/{sys_id}`
pub(crate) async fn category(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let found = row(&session, "sc_category", &sys_id, CATEGORY).await?;
    let (all, items) = (all_categories(&session).await?, all_items(&session).await?);
    let counts = counts(&items);
    let mut category = category_shown(&found);
    category["child_categories"] = below(&found, &all)
        .map(|child| {
            json!({
                "sys_id": child.value("sys_id"),
                "title": child.value("title"),
                "count": counts.get(child.value("sys_id")).copied().unwrap_or(0),
                "parent": sys_id,
                "subcategories": [],
                "isParentCategory": below(child, &all).next().is_some(),
            })
        })
        .collect();
    Ok(told(&category))
}

fn category_shown(row: &Row) -> Value {
    json!({
        "sys_id": row.value("sys_id"),
        "title": row.value("title"),
        "description": row.value("description"),
        "full_description": null,
        "icon": "",
        "header_icon": "",
        "homepage_image": "",
    })
}

/// `GET /api/sn_sc/servicecatalog/items`
pub(crate) async fn items(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let asked = Asked::of(&request);
    let titles = shown_item::titles(&session).await?;
    let found = all_items(&session).await?;
    let category = asked.category.as_deref();
    let wanted = found
        .iter()
        .filter(|row| {
            asked
                .catalog
                .as_ref()
                .is_none_or(|catalog| is_in(row, catalog))
        })
        .filter(|row| category.is_none_or(|category| row.value("category") == category))
        .filter(|row| asked.says(row, &["name", "short_description", "description"]))
        .map(|row| shown_item::shown(row, &titles))
        .filter(|item| asked.kind.is_none_or(|kind| item["type"] == kind));
    Ok(told(&asked.page(wanted)))
}

/// `GET /api/sn_sc/servicecatalog/items/{sys_id}`
pub(crate) async fn item(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let found = row(&session, "sc_cat_item", &sys_id, shown_item::ELEMENTS).await?;
    let titles = shown_item::titles(&session).await?;
    let mut item = shown_item::shown(&found, &titles);
    item["variables"] = variable::described(&session, &sys_id).await?.into();
    item["ui_policy"] = json!([]);
    item["client_script"] = json!({"onChange": [], "onSubmit": [], "onLoad": []});
    item["data_lookup"] = json!([]);
    Ok(told(&item))
}

/// `GET /api/sn_sc/servicecatalog/items/{sys_id}/variables`
pub(crate) async fn variables(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    row(&session, "sc_cat_item", &sys_id, &["sys_id"]).await?;
    Ok(told(&variable::described(&session, &sys_id).await?.into()))
}

async fn all_categories(session: &Session) -> Result<Vec<Row>, RestError> {
    rows(session, "sc_category", &[("active", "true")], CATEGORY).await
}

async fn all_items(session: &Session) -> Result<Vec<Row>, RestError> {
    let encoded = "active=true^ORDERBYorder^ORDERBYname";
    selected(session, "sc_cat_item", encoded, shown_item::ELEMENTS).await
}

/// How many items each category has.
fn counts(items: &[Row]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item.value("category")).or_default() += 1;
    }
    counts
}

fn below<'a>(parent: &'a Row, all: &'a [Row]) -> impl Iterator<Item = &'a Row> {
    all.iter()
        .filter(|row| row.value("parent") == parent.value("sys_id"))
}

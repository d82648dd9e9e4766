//! The Knowledge Management API (`rest-and-records.md` §9.6; ServiceNow's documentation, "Knowledge Management API"):
//! articles that are published, found by words or by a filter.
//!
//! Relevance is not computed: articles come in the order of their numbers, and `score` says so with -1, as it does in
//! the documentation's sample of featured articles.

use std::fmt::Write as _;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};
use snowglobe_records::{Table, plan::Window};

use super::{
    access::Head,
    attachment,
    look::{self, As, Found},
    page::encoded,
    params::pairs,
    path::Named,
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::Session,
};

const TABLE: &str = "kb_knowledge";
/// Which articles everybody may find.
const PUBLISHED: &str = "workflow_state=published^active=true";
/// Documented: articles of a page.
const PAGE: u32 = 30;
/// Letters of an article's beginning.
const SNIPPET: usize = 300;

/// What a list is asked for by.
#[derive(Default)]
struct Asked {
    query: String,
    filter: String,
    fields: Vec<String>,
    kb: String,
    language: String,
    limit: Option<u32>,
    offset: Option<u64>,
}

impl Asked {
    fn of(request: &Request) -> Result<Self, RestError> {
        let mut asked = Self::default();
        for (name, value) in pairs(request.uri().query().unwrap_or_default()) {
            let number =
                || RestError::BadParameter(format!("{name} must be a whole number, 0 or more"));
            match &*name {
                "query" => asked.query = value.into_owned(),
                "filter" => asked.filter = value.into_owned(),
                // It may come several times, or once with commas.
                "fields" => asked
                    .fields
                    .extend(value.split(',').map(|it| it.trim().to_owned())),
                "kb" => asked.kb = value.into_owned(),
                "language" => asked.language = value.into_owned(),
                "limit" => asked.limit = Some(value.parse().map_err(|_| number())?),
                "offset" => asked.offset = Some(value.parse().map_err(|_| number())?),
                _ => {}
            }
        }
        asked.fields.retain(|field| !field.is_empty());
        Ok(asked)
    }

    fn window(&self) -> Window {
        Window {
            limit: self.limit.unwrap_or(PAGE),
            offset: self.offset.unwrap_or_default(),
        }
    }

    /// The condition that all of it comes to, before an order.
    fn condition(&self) -> String {
        let mut condition = PUBLISHED.to_owned();
        for (name, value) in [
            ("kb_knowledge_baseIN", &self.kb),
            ("languageIN", &self.language),
        ] {
            if !value.is_empty() {
                let _ = write!(condition, "^{name}{value}"); // writing to a String cannot fail
            }
        }
        if !self.query.is_empty() {
            let words = self.query.replace('^', " ");
            let _ = write!(condition, "^123TEXTQUERY321={words}");
        }
        if !self.filter.is_empty() {
            let _ = write!(condition, "^{}", self.filter);
        }
        condition
    }
}

/// `GET /api/sn_km_api/knowledge/articles`
pub(crate) async fn list(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    articles(app, request, "ORDERBYnumber").await
}

/// `GET /api/sn_km_api/knowledge/articles/featured`: those that an editor has put forward, the flagged ones.
pub(crate) async fn featured(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    articles(app, request, "flagged=true^ORDERBYnumber").await
}

/// `GET /api/sn_km_api/knowledge/articles/most_viewed`
pub(crate) async fn most_viewed(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let order = "sys_view_count>0^ORDERBYDESCsys_view_count^ORDERBYshort_description";
    articles(app, request, order).await
}

async fn articles(app: App, request: Request, order: &str) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let asked = Asked::of(&request)?;
    let table = session.table(TABLE)?;
    let query = encoded(&session, &table, &format!("{}^{order}", asked.condition()))?;
    let window = asked.window();
    let mut fields = vec!["sys_id", "number", "short_description", "text"];
    let more: Vec<&str> = asked.fields.iter().map(String::as_str).collect();
    fields.extend(more.iter().filter(|name| !SHOWN.contains(name)));
    let found = look::rows(&session, (&table, query), &fields, window, As::Caller).await?;
    let articles = found.iter().zip(1..);
    let articles: Vec<Value> = articles
        .map(|(row, rank)| article(&table, row, rank, &more))
        .collect();
    let end = window.offset + articles.len() as u64;
    let told = json!({"result": {
        "meta": {
            "start": window.offset,
            "end": end,
            "fields": more.join(","),
            "query": asked.query,
            "filter": asked.filter,
            "kb": asked.kb,
            "language": if asked.language.is_empty() { "en" } else { &asked.language },
            "count": articles.len(),
            "status": {"code": 200},
        },
        "articles": articles,
    }});
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// Fields that are read anyway.
const SHOWN: [&str; 4] = ["sys_id", "number", "short_description", "text"];

fn article(table: &Table, row: &Found, rank: u32, fields: &[&str]) -> Value {
    let sys_id = row.text("sys_id");
    let shown = fields.iter().filter_map(|name| {
        let column = table.column(name)?;
        let told = json!({
            "display_value": row.text(name),
            "name": name,
            "label": &*column.label,
            "type": &*column.internal_type,
            "value": row.text(name),
        });
        Some(((*name).to_owned(), told))
    });
    let shown: Map<String, Value> = shown.collect();
    json!({
        "link": format!("?id=kb_article_view&sys_kb_id={sys_id}"),
        "rank": rank,
        "id": format!("{TABLE}:{sys_id}"),
        "title": row.text("short_description"),
        "snippet": snippet(row.text("text")),
        "score": -1,
        "number": row.text("number"),
        "fields": shown,
    })
}

/// The beginning of a text without its markup.
fn snippet(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
        if text.len() > SNIPPET {
            break;
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `GET /api/sn_km_api/knowledge/articles/{id}`: by its key or its number.
pub(crate) async fn read(
    State(app): State<App>,
    Named(id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(TABLE)?;
    let fields = ["sys_id", "number", "short_description", "text"];
    for key in ["sys_id", "number"] {
        let query = look::equal(&table, &[(key, &id)]);
        let one = Window {
            limit: 1,
            offset: 0,
        };
        let found = look::rows(&session, (&table, query), &fields, one, As::Caller).await?;
        if let Some(row) = found.first() {
            let told = whole(&session, row).await?;
            return Ok(answer(StatusCode::OK, json!({"result": told}).to_string()));
        }
    }
    Err(RestError::NoRecord)
}

/// `GET …/{id}/attachments/{sys_id}`: the file, if it hangs on the article.
pub(crate) async fn file(
    State(app): State<App>,
    Named((article, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    attachment::of_record(app, (TABLE, &article), &sys_id, request).await
}

async fn whole(session: &Session, row: &Found) -> Result<Value, RestError> {
    let sys_id = row.text("sys_id");
    let files = [("table_name", TABLE), ("table_sys_id", sys_id)];
    let fields = ["sys_id", "file_name", "size_bytes", "state"];
    let files = look::known(session, "sys_attachment", &files, &fields).await?;
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            let told = fields.map(|name| (name.to_owned(), Value::from(file.text(name))));
            Value::Object(told.into_iter().collect())
        })
        .collect();
    Ok(json!({
        "content": row.text("text"),
        "template": false,
        "number": row.text("number"),
        "sys_id": sys_id,
        "short_description": row.text("short_description"),
        "display_attachments": true,
        "attachments": files,
        "embedded_content": [],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_has_no_markup() {
        let html = "<p>How to <b>deal</b> with\n spam</p><script";
        assert_eq!(snippet(html), "How to deal with spam");
        assert!(snippet(&"long ".repeat(1000)).len() <= SNIPPET + 4);
    }
}

//! The Code Search API (`/api/sn_codesearch/code_search`): where a text stands in the scripts of an instance. It is not
//! documented; the shape of its answers is the one that public clients read.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_records::{
    Column, Table,
    plan::Window,
    query::{Match, Path, Predicate, Query},
};

use super::{
    access::Head,
    look::{self, As, Found},
    params::pairs,
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::Session,
};

/// The tables of the default search group, as far as they are there.
const TABLES: [&str; 21] = [
    "sys_script",
    "sys_script_include",
    "sys_script_client",
    "sys_script_fix",
    "sys_ui_action",
    "sys_ui_policy",
    "sys_ui_script",
    "sys_ui_page",
    "sys_ui_macro",
    "sys_processor",
    "sys_ws_operation",
    "sys_transform_map",
    "sys_transform_script",
    "sys_security_acl",
    "sysauto_script",
    "sysevent_email_action",
    "sysevent_script_action",
    "sp_widget",
    "sp_css",
    "content_css",
    "sys_hub_flow",
];
/// Types of columns that hold a program, or what a page is made of.
const CODE: [&str; 7] = [
    "script",
    "script_plain",
    "script_server",
    "html",
    "html_script",
    "xml",
    "css",
];
/// The most records of an answer, unless it is asked for fewer.
const LIMIT: u32 = 500;

/// What a search is asked for by.
#[derive(Default)]
struct Asked {
    term: String,
    table: String,
    application: String,
    every_application: bool,
    limit: Option<u32>,
}

impl Asked {
    fn of(request: &Request) -> Result<Self, RestError> {
        let mut asked = Self::default();
        for (name, value) in pairs(request.uri().query().unwrap_or_default()) {
            match &*name {
                "term" => asked.term = value.into_owned(),
                "table" => asked.table = value.into_owned(),
                "current_app" => asked.application = value.into_owned(),
                "search_all_scopes" => asked.every_application = value == "true",
                "limit" => {
                    let refuse =
                        |_| RestError::BadParameter("limit must be a whole number".to_owned());
                    asked.limit = Some(value.trim().parse().map_err(refuse)?);
                }
                _ => {}
            }
        }
        if asked.term.is_empty() {
            return Err(RestError::BadParameter("term is required".to_owned()));
        }
        Ok(asked)
    }

    /// The application that alone is searched.
    fn only(&self) -> Option<&str> {
        let named = !self.every_application && !self.application.is_empty();
        named.then_some(&*self.application)
    }
}

/// `GET /api/sn_codesearch/code_search/search?term=…`
pub(crate) async fn search(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let asked = Asked::of(&request)?;
    let application = match asked.only() {
        Some(name) => Some(application(&session, name).await?),
        None => None,
    };
    let all: Vec<_> = tables(&session).collect();
    let one = all.iter().find(|table| *table.name() == *asked.table);
    let searched = one.map_or(&*all, std::slice::from_ref);
    let mut left = asked.limit.unwrap_or(LIMIT).min(LIMIT);
    let mut results = Vec::with_capacity(searched.len());
    for table in searched {
        let hits = hits(&session, table, &asked.term, (application.as_deref(), left)).await?;
        left -= u32::try_from(hits.len()).unwrap_or(left).min(left);
        results.push(json!({
            "recordType": table.name().as_str(),
            "tableLabel": table.label(),
            "hits": hits,
        }));
    }
    // A table that is asked for alone is answered for alone; one that is not searched does not count as asked for.
    let result = match one {
        Some(_) => results.pop().unwrap_or_default(),
        None => results.into(),
    };
    let told = json!({ "result": result });
    Ok(answer(StatusCode::OK, told.to_string()))
}

/// `GET /api/sn_codesearch/code_search/tables`: what is searched.
pub(crate) async fn searched(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let tables = tables(&session);
    let tables: Vec<Value> = tables
        .map(|table| json!({"name": table.name().as_str(), "label": table.label()}))
        .collect();
    let told = json!({ "result": tables });
    Ok(answer(StatusCode::OK, told.to_string()))
}

fn tables(session: &Session) -> impl Iterator<Item = Arc<Table>> {
    let known = |name: &&str| session.dictionary.table(name).map(Arc::clone);
    TABLES
        .iter()
        .filter_map(known)
        .filter(|table| code_of(table).next().is_some())
}

fn code_of(table: &Table) -> impl Iterator<Item = &Arc<Column>> {
    let columns = table.columns().iter();
    columns.filter(|column| CODE.contains(&&*column.internal_type))
}

/// Returns the key of the application that a key or a scope names; one that there is not has no files.
async fn application(session: &Session, name: &str) -> Result<String, RestError> {
    let found = look::known(session, "sys_scope", &[("scope", name)], &["sys_id"]).await?;
    let key = found.first().map(|row| row.text("sys_id"));
    Ok(key.unwrap_or(name).to_owned())
}

async fn hits(
    session: &Session,
    table: &Arc<Table>,
    term: &str,
    (application, limit): (Option<&str>, u32),
) -> Result<Vec<Value>, RestError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let path = |column: &Arc<Column>| Path {
        table: 0,
        column: Arc::clone(column),
    };
    let contains = |column| Predicate::Like {
        path: path(column),
        at: Match::Contains,
        text: term.into(),
        negated: false,
    };
    let anywhere = code_of(table)
        .map(contains)
        .fold(Predicate::False, Predicate::or);
    let own = application.map(|key| look::equal(table, &[("sys_scope", key)]).predicate);
    let query = Query {
        predicate: anywhere.and(own.unwrap_or(Predicate::True)),
        ..Query::default()
    };
    let shown = table.display().map(|column| column.element.as_str());
    let mut fields = vec!["sys_id", "sys_updated_on", "sys_class_name"];
    fields.extend(shown);
    fields.extend(code_of(table).map(|column| column.element.as_str()));
    let window = Window { limit, offset: 0 };
    let found = look::rows(session, (table, query), &fields, window, As::Caller).await;
    let found = match found {
        // What the caller may not read has nothing to say to them.
        Err(RestError::UnreadableQuery) => Vec::new(),
        found => found?,
    };
    Ok(found
        .iter()
        .map(|row| hit(table, row, term, row.text(shown.unwrap_or("sys_id"))))
        .collect())
}

fn hit(table: &Table, row: &Found, term: &str, name: &str) -> Value {
    let modified = row.text("sys_updated_on").replace(' ', "T") + "Z";
    let modified = modified.parse().map(jiff::Timestamp::as_millisecond);
    let matches: Vec<Value> = code_of(table)
        .filter_map(|column| {
            let lines = lines(row.text(&column.element), term);
            (lines.0 > 0).then(|| {
                json!({
                    "field": column.element.as_str(),
                    "fieldLabel": column.label,
                    "lineMatches": lines.1,
                    "count": lines.0,
                })
            })
        })
        .collect();
    json!({
        "name": name,
        "className": table.name().as_str(),
        "tableLabel": table.label(),
        "matches": matches,
        "sysId": row.text("sys_id"),
        "modified": modified.unwrap_or_default(),
    })
}

/// Returns how many lines have the term, and these lines, each with those around it.
fn lines(text: &str, term: &str) -> (usize, Vec<Value>) {
    let term = term.to_lowercase();
    let lines: Vec<&str> = text.lines().collect();
    let has: Vec<bool> = lines
        .iter()
        .map(|line| line.to_lowercase().contains(&term))
        .collect();
    let at = |at: usize| has.get(at).copied().unwrap_or(false);
    let near = |line: usize| at(line) || at(line + 1) || line.checked_sub(1).is_some_and(at);
    let shown = (1_usize..).zip(&lines).filter(|(no, _)| near(no - 1));
    let told =
        shown.map(|(no, line)| json!({"line": no, "context": line, "escaped": escaped(line)}));
    (has.iter().filter(|has| **has).count(), told.collect())
}

/// Writes text for a page, as the real thing does beside each line.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for letter in line.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_with_those_around_it() {
        let script = "one\ntwo\nvar gr = new GlideRecord('x');\nfour\nfive";
        let (count, told) = lines(script, "gliderecord");
        assert_eq!(count, 1);
        let lines: Vec<_> = told.iter().map(|line| line["line"].as_u64()).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(4)]);
        assert_eq!(told[1]["context"], "var gr = new GlideRecord('x');");
        assert_eq!(
            told[1]["escaped"],
            "var gr = new GlideRecord(&#x27;x&#x27;);"
        );
        assert_eq!(super::lines("one", "two"), (0, Vec::new()));
    }
}

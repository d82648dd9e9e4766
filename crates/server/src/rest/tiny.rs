//! Short names for long URLs (`rest-and-records.md` §1.8): `POST /api/now/tinyurl` keeps one, and
//! `?sysparm_tiny=<token>` on any REST GET stands for its query.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, Uri, uri::PathAndQuery},
    response::Response,
};
use serde_json::Value;

use super::{access::Head, input, params::pairs};
use crate::{
    app::App,
    error::{RestError, json},
    records::Session,
};

/// Bytes of a URL that is kept; a request's own cannot be longer.
const LONGEST: usize = 60_000;

/// `POST /api/now/tinyurl` with `{"url":"…"}`
pub(crate) async fn make(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let fields = input::read(&session.app, &parts.headers, &mut body).await?;
        Ok((session, fields))
    }
    .await;
    let (session, fields) = input::opened(opened, &mut body).await?;
    let url = fields.iter().find(|(name, _)| name == "url");
    let url = url.and_then(|(_, url)| url.as_deref()).unwrap_or_default();
    let long = long(url)?;
    let token = session
        .app
        .store
        .keep_tiny_url(long.query, session.app.now())
        .await?;
    let short = format!("{}_list.do?sysparm_tiny={token}", long.name);
    let body = Value::from_iter([("result", short)]).to_string();
    Ok(json(StatusCode::CREATED, body))
}

/// What a long URL is about, and what it asks.
struct Long<'u> {
    name: &'u str,
    query: &'u str,
}

fn long(url: &str) -> Result<Long<'_>, RestError> {
    let wrong = |why: &str| RestError::BadParameter(format!("url {why}"));
    if url.len() > LONGEST {
        return Err(wrong(&format!("must be at most {LONGEST} bytes long")));
    }
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut steps = path.rsplit('/');
    let name = steps.next().unwrap_or_default();
    let name = name.trim_end_matches(".do").trim_end_matches("_list");
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(wrong("must be a URL of this instance"));
    }
    if query.is_empty() {
        return Err(wrong("has no query, so it is short enough"));
    }
    Ok(Long { name, query })
}

/// Puts the query that a token stands for into a request.
pub(crate) async fn expand(app: &App, request: &mut Request) -> Result<(), RestError> {
    let query = request.uri().query().unwrap_or_default();
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if !reads || !query.contains("sysparm_tiny=") {
        return Ok(());
    }
    let token = pairs(query).find(|(name, _)| name == "sysparm_tiny");
    let Some((_, token)) = token else {
        return Ok(());
    };
    let unknown = || RestError::BadParameter("sysparm_tiny names no URL".to_owned());
    let kept = app.store.tiny_url(&token).await?;
    let target = format!("{}?{}", request.uri().path(), kept.ok_or_else(unknown)?);
    let target: PathAndQuery = target.parse().map_err(|_| unknown())?;
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(target);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| unknown())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_1_8_a_long_url_names_a_table_and_a_query() {
        for (url, name, query) in [
            (
                "https://h/api/now/table/incident?a=b&c=d",
                "incident",
                "a=b&c=d",
            ),
            (
                "/incident_list.do?sysparm_query=x",
                "incident",
                "sysparm_query=x",
            ),
            (
                "https://h/api/now/attachment?x=%5E#y",
                "attachment",
                "x=%5E",
            ),
        ] {
            let long = long(url).expect("taken");
            assert_eq!((long.name, long.query), (name, query));
        }
        for url in [
            "",
            "https://h/",
            "https://h/api/now/table/incident",
            "https://h/a b?x",
            &"x".repeat(60_001),
        ] {
            assert!(long(url).is_err(), "{url:.20}");
        }
    }
}

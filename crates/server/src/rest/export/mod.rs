//! Lists as files, as spreadsheets and reporting tools fetch them: `/{table}_list.do?CSV`, and `XML`, `EXCEL` (or
//! `XLSX`) in its place; `/{table}.do` takes the same words.
//!
//! The specification leaves these out (§11.1), so this is what their users expect: the columns of the list in the
//! console, those that `sysparm_fields` names, or all with `sysparm_default_export_fields=all`; 10,000 rows at most
//! (`glide.csv.export.limit` and its like); shown values in tables, stored ones in XML unless `displayvalue` asks.

mod csv;
mod sheet;
mod xlsx;
mod xml;
mod zip;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    response::{IntoResponse as _, Response},
};
use snowglobe_records::acl::Operation;

use self::sheet::{Asked, Sheet};
use super::{access::Head, input, page::encoded};
use crate::{
    app::App,
    error::RestError,
    records::{Question, Session},
    refusal,
};

/// A form that lists are asked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xml,
    Xlsx,
    /// Not served: `SOAP` and `WSDL`.
    Soap,
    /// Not served.
    Pdf,
}

/// The type of a file, the end of its name, and the property that says how many rows it has at most.
type File = (&'static str, &'static str, &'static str);

impl Format {
    /// Returns what a query asks for by a word without a value, such as `CSV` in `?CSV&sysparm_query=…`.
    pub(crate) fn asked(query: Option<&str>) -> Option<Self> {
        let mut words = query.unwrap_or_default().split('&');
        words.find_map(Self::of)
    }

    fn of(word: &str) -> Option<Self> {
        let word = word.strip_suffix('=').unwrap_or(word);
        let known = [
            ("CSV", Self::Csv),
            ("XML", Self::Xml),
            ("EXCEL", Self::Xlsx),
            ("XLSX", Self::Xlsx),
            ("SOAP", Self::Soap),
            ("WSDL", Self::Soap),
            ("PDF", Self::Pdf),
        ];
        let mut known = known.into_iter();
        known.find_map(|(name, format)| name.eq_ignore_ascii_case(word).then_some(format))
    }

    fn file(self) -> Option<File> {
        match self {
            Self::Csv => Some(("text/csv;charset=UTF-8", "csv", "glide.csv.export.limit")),
            Self::Xml => Some(("text/xml;charset=UTF-8", "xml", "glide.xml.export.limit")),
            Self::Xlsx => Some((
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
                "glide.excel.export.limit",
            )),
            Self::Soap | Self::Pdf => None,
        }
    }

    fn not_served(self) -> RestError {
        match self {
            Self::Soap => RestError::NotServed {
                what: "SOAP",
                instead: "use the Table API or JSONv2",
            },
            _ => RestError::NotServed {
                what: "Export as PDF",
                instead: "export CSV, XML or EXCEL",
            },
        }
    }
}

/// `GET /{table}_list.do?CSV` and its like; `known` is who is logged in.
pub(crate) async fn respond(
    app: App,
    (table, format): (&str, Format),
    known: Option<Session>,
    request: Request,
) -> Response {
    let Some(file) = format.file() else {
        input::discard(&mut request.into_body()).await;
        return format.not_served().into_response();
    };
    let answered = run(app, (table, format, file), known, request).await;
    answered.unwrap_or_else(RestError::into_response)
}

/// Tells whether a request brings its own proof of who it is, which counts before what a cookie says.
pub(crate) fn brings_proof(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || headers.contains_key("x-sn-apikey")
}

async fn run(
    app: App,
    (table, format, (kind, end, limit)): (&str, Format, File),
    known: Option<Session>,
    request: Request,
) -> Result<Response, RestError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(RestError::Method);
    }
    let session = match known {
        Some(session) => session,
        None => Session::open_for_any_form(app, Head::from(&request)).await?,
    };
    let table = session.table(table)?;
    let asked = Asked::read(uri_query(request.uri()), most(&session, limit));
    let question = Question::about(&table, Operation::Read);
    refusal::asks(question.with(asked.query.as_deref(), asked.fields.as_deref()));
    let query = encoded(&session, &table, &asked.text())?;
    let sheet = Sheet::read(&session, &table, query, (&asked, format)).await?;
    let body = match format {
        Format::Csv => csv::write(&sheet, &session).into_bytes(),
        Format::Xml => xml::write(&sheet, &session, asked.display()).into_bytes(),
        _ => xlsx::write(&sheet, &session),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"{}.{end}\"", table.name());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn uri_query(uri: &Uri) -> &str {
    uri.query().unwrap_or_default()
}

/// What is read is held in memory, so no property makes it more.
fn most(session: &Session, property: &str) -> u32 {
    const MOST: u32 = 10_000;
    let set = session.app.store.properties().number(property, MOST.into());
    u32::try_from(set).map_or(MOST, |set| set.min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_without_a_value_names_the_form() {
        for (query, format) in [
            ("CSV", Some(Format::Csv)),
            ("csv&sysparm_query=active=true", Some(Format::Csv)),
            ("sysparm_query=active=true&XML", Some(Format::Xml)),
            ("EXCEL=", Some(Format::Xlsx)),
            ("WSDL", Some(Format::Soap)),
            ("sysparm_query=CSV", None),
            ("CSV=1", None),
            ("JSONv2", None),
        ] {
            assert_eq!(Format::asked(Some(query)), format, "{query}");
        }
        assert_eq!(Format::asked(None), None);
    }
}

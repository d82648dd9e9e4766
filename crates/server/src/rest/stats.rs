//! The Aggregate API (`rest-and-records.md` §5): `GET /api/now/stats/{table}`.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use snowglobe_records::{
    acl::{Denied, Permitted},
    aggregate::{Aggregate, Function, Measure},
    plan::Output,
};
use snowglobe_store::{
    records::Displays,
    sql::{Row, Rows},
};

use super::{
    access::Head,
    body::push_string,
    page::select,
    params::{AggregateWords, DisplayMode, Params},
    path::Named,
    table::asks,
};
use crate::{
    app::App,
    error::{RestError, json},
    records::{Reader, Session},
};

/// `GET /api/now/stats/{table}`
pub(crate) async fn read(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    let uri = request.uri();
    let words = AggregateWords::parse(uri.query());
    let asked = words.asked();
    if !asked.anything() {
        return Err(RestError::NoAggregate);
    }
    let params = Params::parse(uri.query())?;
    asks(&table, &params);
    let rows = select(&session, &table, &params)?;
    let aggregate = asked
        .plan(&session.dictionary, &table, rows)
        .map_err(|fault| RestError::Having(fault.to_string()))?;
    let context = session.context();
    let aggregate = session
        .access(&context)
        .permit_aggregate(aggregate)
        .map_err(|denied| match denied {
            Denied::Table => RestError::UnreadableTable(table.name().to_string()),
            other => other.into(),
        })?;
    // §5: where none of the fields can be calculated, nothing is computed; there is no statement that selects nothing.
    if aggregate.groups.is_empty() && aggregate.measures.is_empty() {
        let nothing = "{\"result\":{\"stats\":{}}}".to_owned();
        return Ok(json(StatusCode::OK, nothing));
    }
    let rows = session.app.store.aggregate(&aggregate).await?;
    let body = present(&session, &aggregate, &rows, params.display).await?;
    Ok(json(StatusCode::OK, body))
}

/// Writes the answer: one object without groups, a list with them.
async fn present(
    session: &Session,
    aggregate: &Permitted<Aggregate>,
    rows: &Rows,
    mode: DisplayMode,
) -> Result<String, RestError> {
    let groups = &aggregate.groups;
    let displays = match mode {
        DisplayMode::Value | DisplayMode::Named => Displays::default(),
        DisplayMode::Display | DisplayMode::All | DisplayMode::Typed => {
            let store = &session.app.store;
            store.displays(&session.dictionary, groups, rows).await?
        }
    };
    let reader = Reader {
        dictionary: &session.dictionary,
        displays: &displays,
        format: &session.user.format,
    };
    let writer = Writer {
        aggregate,
        reader: (mode != DisplayMode::Value).then_some(reader),
    };
    Ok(writer.write(rows))
}

struct Writer<'a> {
    aggregate: &'a Aggregate,
    /// Where display values are asked for.
    reader: Option<Reader<'a>>,
}

impl Writer<'_> {
    fn write(&self, rows: &Rows) -> String {
        let mut out = String::from("{\"result\":");
        if self.aggregate.groups.is_empty() {
            match rows.first() {
                Some(row) => self.push_group(row, &mut out),
                // A condition on the one group that there is took it away.
                None => out.push_str("{\"stats\":{}}"),
            }
        } else {
            out.push('[');
            for (at, row) in rows.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                self.push_group(row, &mut out);
            }
            out.push(']');
        }
        out.push('}');
        out
    }

    fn push_group(&self, row: Row<'_>, out: &mut String) {
        out.push_str("{\"stats\":{");
        self.push_measures(row, out);
        out.push('}');
        if !self.aggregate.groups.is_empty() {
            out.push_str(",\"groupby_fields\":[");
            for (at, group) in self.aggregate.groups.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                self.push_field(at, group, row, out);
            }
            out.push(']');
        }
        out.push('}');
    }

    /// The documentation leaves open where display values stand; the value is always there too.
    fn push_field(&self, at: usize, group: &Output, row: Row<'_>, out: &mut String) {
        out.push_str("{\"field\":");
        push_string(&group.key, out);
        let column = &group.path.column;
        let mut value = String::new();
        column.kind.write(row.get(at), &mut value);
        out.push_str(",\"value\":");
        push_string(&value, out);
        if let Some(reader) = &self.reader {
            out.push_str(",\"display_value\":");
            push_string(&reader.text(column, row.get(at)), out);
        }
        out.push('}');
    }

    /// `"count":"12","avg":{"reassignment_count":"1.0000"}`: numbers are strings.
    fn push_measures(&self, row: Row<'_>, out: &mut String) {
        let first = self.aggregate.groups.len();
        let cells = self.aggregate.measures.iter().zip(first..);
        let mut open: Option<Function> = None;
        for (measure, at) in cells {
            let mut text = String::new();
            measure.write(row.get(at), &mut text);
            match measure {
                Measure::Count | Measure::CountOf(_) => out.push_str("\"count\":"),
                Measure::Of(function, column) => {
                    if open == Some(*function) {
                        out.push(',');
                    } else {
                        out.push_str(if open.is_some() { "}" } else { "" });
                        out.push_str(if at == first { "" } else { "," });
                        push_string(function.name(), out);
                        out.push_str(":{");
                        open = Some(*function);
                    }
                    push_string(&column.key, out);
                    out.push(':');
                }
            }
            push_string(&text, out);
        }
        out.push_str(if open.is_some() { "}" } else { "" });
    }
}

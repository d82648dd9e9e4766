//! One request in the inspector: why it was refused and how to mend it, and of a request for records, what was made of
//! its query and what every access rule said, as of now.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_oauth::reason::{self, Reason};

use super::{
    frame::{Navigator, Visit},
    requests::line,
};
use crate::{
    app::App,
    events::{Answered, Refused},
    ops::explain_records::{self, Explained, List},
    pages::{Forms, Shell, fault::PageFault, page},
};

#[derive(Template)]
#[template(path = "console/request.html")]
struct RequestPage {
    shell: Shell,
    nav: Navigator,
    title: String,
    refused: bool,
    what: &'static str,
    facts: Facts,
    mend: Vec<(&'static str, &'static str)>,
    records: Option<Explained>,
    /// What was asked of records.
    asked: Facts,
}

/// What is known, with its labels.
type Facts = Vec<(&'static str, String)>;

/// Returns the page of the request with this id.
pub(super) async fn explanation(app: &App, visit: &Visit, id: &str) -> Result<Response, PageFault> {
    let events = app.observer.events();
    let (refused, question) = (events.refusal(id), events.question(id));
    let request = refused.as_ref().map(|refused| &refused.request);
    let request = request.or(question.as_ref().map(|asked| &asked.request));
    let request = request.ok_or(PageFault::NotFound)?;
    let reason = refused
        .as_ref()
        .and_then(|it| reason::find(it.refusal.code));
    let mend =
        |reason: &'static Reason| [("Here", reason.here), ("On a real instance", reason.there)];
    let mut template = RequestPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        title: line(request, true).request,
        refused: refused.is_some(),
        what: reason.map_or("", |reason| reason.what),
        facts: facts(request, refused.as_ref(), reason),
        mend: reason.map(mend).into_iter().flatten().collect(),
        records: None,
        asked: Vec::new(),
    };
    if let Some(asked) = &question {
        template.records = explain_records::explain(app, asked.user, &asked.question).await?;
        template.asked = template.records.as_ref().map(asked_of).unwrap_or_default();
    }
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

fn facts(request: &Answered, refused: Option<&Refused>, reason: Option<&Reason>) -> Facts {
    let text = |of: fn(&Refused) -> &Option<Box<str>>| {
        let text = refused.and_then(|refused| of(refused).as_deref());
        text.map(str::to_owned)
    };
    known([
        ("Answered", Some(line(request, true).at)),
        ("Transaction", Some(request.id.to_string())),
        ("Status", Some(request.status.to_string())),
        ("Reason", refused.map(|it| it.refusal.code.to_owned())),
        ("Rule", reason.map(|reason| reason.rule.to_owned())),
        ("Expected", text(|it| &it.refusal.expected)),
        ("Received", text(|it| &it.refusal.received)),
        ("Client", text(|it| &it.client)),
        ("User", text(|it| &it.user)),
        ("To mend by", reason.map(|it| it.who.text().to_owned())),
    ])
}

fn asked_of(records: &Explained) -> Facts {
    let listed = |list: &[String]| Some(list.join(", ")).filter(|text| !text.is_empty());
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let mut facts = known([
        ("Asks to", Some(records.operation.to_owned())),
        ("Table", Some(records.table.to_string())),
        ("Record", records.record.as_deref().map(str::to_owned)),
        ("Roles of the caller", Some(records.roles.join(", "))),
    ]);
    if let Some(List {
        query,
        fields,
        rows,
    }) = &records.list
    {
        facts.extend(known([
            ("Query", query.text.as_deref().map(str::to_owned)),
            ("Understood as", Some(query.understood.clone())),
            ("Ordered by", listed(&query.order)),
            ("Unknown fields", listed(&fields.unknown)),
            ("Withheld fields", listed(&fields.withheld)),
            ("Closed to queries", listed(&rows.closed_to_queries)),
            ("Rows the caller may read", Some(rows.readable.clone())),
            ("Rows before rules", number(rows.before_rules)),
            ("Rows after rules", number(rows.after_rules)),
        ]));
    }
    facts
}

fn known<const N: usize>(facts: [(&'static str, Option<String>); N]) -> Facts {
    let known = |(label, value): (_, Option<String>)| value.map(|value| (label, value));
    facts.into_iter().filter_map(known).collect()
}

//! `GET` and `POST /{table}.do`.

use std::sync::Arc;

use axum::{extract::Request, http::StatusCode, response::Response};
use snowglobe_records::{
    Table,
    write::{Abort, Mode},
};

use super::{
    Submission, delete,
    entries::Entries,
    lookup,
    record::Record,
    view::{FormPage, Message, show},
};
use crate::{
    identity::session::see_other,
    pages::{
        console::{frame::Visit, list::record_href, registry},
        fault::PageFault,
    },
    records::{self, Input, Inserted, RecordError},
    refusal::{self, Why},
    rest::{input, params::pairs},
};

/// The largest form: long texts of every field of a record fit.
const MAX_FORM: usize = 1024 * 1024;

/// `GET /{table}.do`
pub(in crate::pages::console) async fn get(
    visit: &Visit,
    table: &str,
    query: &str,
) -> Result<Response, PageFault> {
    let table = table_of(visit, table)?;
    let parameter = |name: &str| {
        let found = pairs(query).find(|(key, _)| key == name);
        found.map_or_else(String::new, |(_, value)| value.into_owned())
    };
    let (sys_id, preset) = (parameter("sys_id"), parameter("sysparm_query"));
    let is_new = sys_id == "-1" || sys_id.is_empty();
    if is_new && registry::asks_what_kind(&table, query) {
        return registry::interceptor(visit);
    }
    let record = load(visit, &table, if is_new { "-1" } else { &sys_id }, &preset).await?;
    let message = if parameter("sysparm_saved") == "true" {
        Some(Message {
            kind: "good",
            text: "Saved.".to_owned(),
        })
    } else {
        registry::notice(visit, &record).await
    };
    let shown = FormPage {
        message,
        ..FormPage::default()
    };
    show(visit, &record, shown, StatusCode::OK).await
}

/// `POST /{table}.do`
pub(in crate::pages::console) async fn post(
    visit: Visit,
    table: &str,
    request: Request,
) -> Result<Response, PageFault> {
    let mut body = request.into_body();
    let Ok(bytes) = input::collect(&mut body, MAX_FORM).await else {
        input::discard(&mut body).await;
        return Err(PageFault::Form);
    };
    let submission = Submission::parse(table, &bytes);
    visit.check_ck(submission.parameter("sysparm_ck"))?;
    let table = table_of(&visit, table)?;
    let sys_id = submission.parameter("sysparm_sys_id").to_owned();
    let record = load(&visit, &table, &sys_id, "").await?;
    act(visit, record, submission).await
}

/// Does what the button says.
async fn act(
    visit: Visit,
    record: Record,
    mut submission: Submission,
) -> Result<Response, PageFault> {
    let (verb, value) = submission.verb();
    match (verb, value.to_owned()) {
        // A real form's buttons are told apart; a script that names them means the same.
        ("" | "save" | "insert" | "insert_and_stay" | "update" | "update_and_stay", _) => {
            save(visit, record, submission).await
        }
        ("delete", _) => delete::confirm(&visit, &record),
        ("delete_confirmed", _) => delete::delete(&visit, &record).await,
        ("lookup", element) => {
            forget_secrets(&record, &mut submission);
            lookup::show(&visit, &record, &submission, &element).await
        }
        ("pick", key) => {
            let element = submission.parameter("sysparm_lookup_field").to_owned();
            let field = record.field(&element).ok_or(PageFault::NotFound)?;
            let name = records::name_of(&visit.records, &field.column, &key).await?;
            let name = if name.is_empty() { key.clone() } else { name };
            submission.pick(&element, &key, &name);
            again(&visit, &record, submission).await
        }
        ("back", _) => again(&visit, &record, submission).await,
        (verb, _) => registry::act(visit, record, verb.to_owned(), &submission).await,
    }
}

/// Shows the form as it was filled in so far.
async fn again(
    visit: &Visit,
    record: &Record,
    submission: Submission,
) -> Result<Response, PageFault> {
    let shown = FormPage {
        typed: Some(submission),
        ..FormPage::default()
    };
    show(visit, record, shown, StatusCode::OK).await
}

async fn save(
    visit: Visit,
    record: Record,
    mut submission: Submission,
) -> Result<Response, PageFault> {
    if !record.may_save {
        return Err(PageFault::Forbidden);
    }
    let entries = Entries::read(&visit.records, &record, &submission).await?;
    if !entries.errors.is_empty() {
        let fields: Vec<&str> = entries.errors.keys().map(String::as_str).collect();
        refusal::say(Why::new("form_invalid").received(fields.join(", ")));
        forget_secrets(&record, &mut submission);
        let shown = wrong(entries.errors, submission);
        return show(&visit, &record, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match write(&visit, &record, &entries, &submission).await {
        Ok(made) => saved(visit, record, made).await,
        Err(error) => refused(&visit, record, submission, error).await,
    }
}

/// Writes what a form says. Of a new record, returns what was made.
async fn write(
    visit: &Visit,
    record: &Record,
    entries: &Entries,
    submission: &Submission,
) -> Result<Option<Inserted>, RecordError> {
    let session = &visit.records;
    let pairs = entries.as_input();
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let input = Input {
        pairs: &pairs,
        mode,
    };
    if record.row.is_none() {
        return records::insert(session, &record.table, input)
            .await
            .map(Some);
    }
    // A form that does not say what it was made from was made from nothing that is there.
    let seen = submission
        .parameter("sysparm_mod_count")
        .parse()
        .unwrap_or(-1);
    records::update(session, &record.table, &record.sys_id(), input, Some(seen)).await?;
    Ok(None)
}

async fn saved(
    visit: Visit,
    record: Record,
    made: Option<Inserted>,
) -> Result<Response, PageFault> {
    let table = record.table.name();
    match made {
        Some(Inserted {
            sys_id,
            secret: Some(secret),
            ..
        }) => {
            let visit = visit.refreshed();
            let record = Record::load(&visit.records, &record.table, &sys_id).await?;
            Ok(registry::told_once(&visit, &record, &secret))
        }
        Some(Inserted { sys_id, .. }) => Ok(see_other(&saved_href(table, &sys_id))),
        None => Ok(see_other(&saved_href(table, &record.sys_id()))),
    }
}

/// Shows the form again with what could not be written, and why.
async fn refused(
    visit: &Visit,
    record: Record,
    mut submission: Submission,
    error: RecordError,
) -> Result<Response, PageFault> {
    forget_secrets(&record, &mut submission);
    let label = |element: &str| {
        let column = record.table.column(element);
        column.map_or_else(|| element.to_owned(), |column| column.label.to_string())
    };
    match error {
        RecordError::Duplicate { column, .. } => {
            refusal::say(Why::new("value_not_unique").received(&column));
            let why = format!("Another record has this {}.", label(&column));
            let shown = wrong([(column, why)].into(), submission);
            show(visit, &record, shown, StatusCode::CONFLICT).await
        }
        RecordError::Refused {
            element, code, why, ..
        } => {
            refusal::say(Why::new(code).received(&why));
            let shown = wrong([(element.to_owned(), why)].into(), submission);
            show(visit, &record, shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        RecordError::Aborted(abort) => {
            refusal::say(Why::new(abort.code()).received(&abort));
            let shown = aborted(&abort, submission);
            show(visit, &record, shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        RecordError::Stale => {
            refusal::say("record_changed");
            let record = load(visit, &record.table, &record.sys_id(), "").await?;
            let shown = FormPage {
                message: Some(Message {
                    kind: "warn",
                    text: changed_by(&record),
                }),
                typed: Some(submission),
                ..FormPage::default()
            };
            show(visit, &record, shown, StatusCode::CONFLICT).await
        }
        error => Err(error.into()),
    }
}

/// A rule's own message is for people; the API keeps it to itself.
fn aborted(abort: &Abort, submission: Submission) -> FormPage {
    let text = match abort {
        Abort::BusinessRule { message, .. } if !message.is_empty() => message.to_string(),
        abort => abort.to_string(),
    };
    FormPage {
        message: Some(Message { kind: "bad", text }),
        typed: Some(submission),
        ..FormPage::default()
    }
}

fn wrong(errors: std::collections::HashMap<String, String>, submission: Submission) -> FormPage {
    FormPage {
        message: Some(Message {
            kind: "bad",
            text: "Nothing was saved. See the fields below.".to_owned(),
        }),
        typed: Some(submission),
        errors,
    }
}

fn changed_by(record: &Record) -> String {
    let shown = |element: &str| record.field(element).map_or("", |field| &field.shown);
    let (by, on) = (shown("sys_updated_by"), shown("sys_updated_on"));
    let who = if by.is_empty() { "Somebody" } else { by };
    let when = if on.is_empty() {
        String::new()
    } else {
        format!(" at {on}")
    };
    format!(
        "{who} changed this record{when}, while it was open here. Nothing was saved. What you typed is below, and \
         beside it what is stored now where the two differ; saving again replaces that."
    )
}

/// What was typed into a secret field goes nowhere but into the store.
fn forget_secrets(record: &Record, submission: &mut Submission) {
    use snowglobe_records::dictionary::Kind;
    for field in &record.fields {
        if matches!(field.column.kind, Kind::Secret(_)) {
            submission.forget(&field.column.element);
        }
    }
}

fn table_of(visit: &Visit, name: &str) -> Result<Arc<Table>, PageFault> {
    let table = visit.records.dictionary.table(name);
    table.map(Arc::clone).ok_or(PageFault::NotFound)
}

async fn load(
    visit: &Visit,
    table: &Arc<Table>,
    sys_id: &str,
    preset: &str,
) -> Result<Record, PageFault> {
    if sys_id != "-1" {
        return Ok(Record::load(&visit.records, table, sys_id).await?);
    }
    let record = Record::begin(&visit.records, table, preset).await?;
    // Who may create nothing here does not learn what there is to fill in.
    if record.may_save {
        Ok(record)
    } else {
        Err(PageFault::NotFound)
    }
}

fn saved_href(table: &str, sys_id: &str) -> String {
    format!("{}&sysparm_saved=true", record_href(table, sys_id))
}

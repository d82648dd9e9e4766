//! The routes of the REST surface. Those of the Table API come first: they are looked for in this order.

use axum::routing::{MethodRouter, get, post};

use super::{attachment, batch, broker, discover, stats, table, tiny};
use crate::{app::App, router::Route};

/// The routes, one for each version that a path may name (`rest-and-records.md` §1.1).
pub(crate) const ROUTES: &[Route] = &[
    Route("/api/now/table/{table}", list),
    Route("/api/now/v1/table/{table}", list),
    Route("/api/now/v2/table/{table}", list),
    Route("/api/now/table/{table}/{sys_id}", record),
    Route("/api/now/v1/table/{table}/{sys_id}", record),
    Route("/api/now/v2/table/{table}/{sys_id}", record),
    Route("/api/now/stats/{table}", aggregate),
    Route("/api/now/v1/stats/{table}", aggregate),
    Route("/api/now/attachment", attachments),
    Route("/api/now/v1/attachment", attachments),
    Route("/api/now/attachment/file", attach),
    Route("/api/now/v1/attachment/file", attach),
    Route("/api/now/attachment/upload", attach_form),
    Route("/api/now/v1/attachment/upload", attach_form),
    Route("/api/now/attachment/{sys_id}", attached),
    Route("/api/now/v1/attachment/{sys_id}", attached),
    Route("/api/now/attachment/{sys_id}/file", attached_file),
    Route("/api/now/v1/attachment/{sys_id}/file", attached_file),
    Route(
        "/api/now/attachment/{sys_id}/{file_name}/file",
        attached_by_name,
    ),
    Route(
        "/api/now/v1/attachment/{sys_id}/{file_name}/file",
        attached_by_name,
    ),
    Route("/api/now/batch", several),
    Route("/api/now/v1/batch", several),
    Route("/api/now/tinyurl", || {
        post(tiny::make).fallback(table::method)
    }),
    Route("/api/sn_broker/alias/{alias}/resolve", || {
        read(broker::resolve)
    }),
    Route("/api/now/ui/user/current_user", || {
        read(discover::current_user)
    }),
    Route("/api/now/ui/meta/{table}", || read(discover::meta)),
    Route("/api/now/doc/table/schema", || read(discover::tables)),
    Route("/api/now/doc/table/schema/{table}", || {
        read(discover::columns)
    }),
];

fn list() -> MethodRouter<App> {
    read(table::list).post(table::create)
}

fn record() -> MethodRouter<App> {
    read(table::read)
        .put(table::update)
        .patch(table::update)
        .delete(table::delete)
}

fn aggregate() -> MethodRouter<App> {
    read(stats::read)
}

fn attachments() -> MethodRouter<App> {
    read(attachment::list)
}

fn attach() -> MethodRouter<App> {
    post(attachment::file).fallback(table::method)
}

fn attach_form() -> MethodRouter<App> {
    post(attachment::multipart).fallback(table::method)
}

fn attached() -> MethodRouter<App> {
    read(attachment::read)
        .patch(attachment::rename)
        .delete(attachment::delete)
}

fn attached_file() -> MethodRouter<App> {
    read(attachment::content)
}

fn attached_by_name() -> MethodRouter<App> {
    read(attachment::content_by_name)
}

fn several() -> MethodRouter<App> {
    post(batch::run).fallback(table::method)
}

/// A path that is read; any other method that is not added is refused.
fn read<T: 'static>(handler: impl axum::handler::Handler<T, App>) -> MethodRouter<App> {
    get(handler).fallback(table::method)
}

//! The routes of the REST surface. Those of the Table API come first: they are looked for in this order.

use axum::routing::{MethodRouter, delete, get, post, put};

use super::{
    attachment, batch, broker, catalog, change, cmdb, csm, discover, doc, email, flow, grant,
    import_set, knowledge, rest_message, roles, stats, table, tiny,
};
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
    Route("/api/now/attachment/{sys_id}/attributes", attributes),
    Route(
        "/api/now/attachment/{sys_id}/attributes/{key}",
        one_attribute,
    ),
    Route("/api/now/batch", several),
    Route("/api/now/v1/batch", several),
    Route("/api/now/import/{staging}", import),
    Route("/api/now/v1/import/{staging}", import),
    Route("/api/now/import/{staging}/insertMultiple", import_several),
    Route(
        "/api/now/v1/import/{staging}/insertMultiple",
        import_several,
    ),
    Route("/api/now/import/{staging}/{sys_id}", imported),
    Route("/api/now/v1/import/{staging}/{sys_id}", imported),
    Route("/api/now/cmdb/instance/{class}", items),
    Route("/api/now/v1/cmdb/instance/{class}", items),
    Route("/api/now/cmdb/instance/{class}/{sys_id}", item),
    Route("/api/now/v1/cmdb/instance/{class}/{sys_id}", item),
    Route("/api/now/cmdb/instance/{class}/{sys_id}/relation", relate),
    Route(
        "/api/now/v1/cmdb/instance/{class}/{sys_id}/relation",
        relate,
    ),
    Route(
        "/api/now/cmdb/instance/{class}/{sys_id}/relation/{rel_id}",
        related,
    ),
    Route(
        "/api/now/v1/cmdb/instance/{class}/{sys_id}/relation/{rel_id}",
        related,
    ),
    Route("/api/now/cmdb/meta/{class}", || read(cmdb::meta)),
    Route("/api/now/v1/cmdb/meta/{class}", || read(cmdb::meta)),
    Route("/api/now/identifyreconcile", reconcile),
    Route("/api/now/v1/identifyreconcile", reconcile),
    Route("/api/now/identifyreconcile/enhanced", reconcile),
    Route("/api/now/identifyreconcile/query", identify),
    Route("/api/now/v1/identifyreconcile/query", identify),
    Route("/api/now/identifyreconcile/queryEnhanced", identify),
    Route("/api/now/account", customers),
    Route("/api/now/account/{sys_id}", || read(csm::read)),
    Route("/api/now/contact", customers_and_new),
    Route("/api/now/contact/{sys_id}", || read(csm::read)),
    Route("/api/now/consumer", customers_and_new),
    Route("/api/now/consumer/{sys_id}", || read(csm::read)),
    Route("/api/now/email", || {
        post(email::send).fallback(table::method)
    }),
    Route("/api/now/email/{id}", || read(email::read)),
    Route("/api/sn_km_api/knowledge/articles", || {
        read(knowledge::list)
    }),
    Route("/api/sn_km_api/knowledge/articles/featured", || {
        read(knowledge::featured)
    }),
    Route("/api/sn_km_api/knowledge/articles/most_viewed", || {
        read(knowledge::most_viewed)
    }),
    Route("/api/sn_km_api/knowledge/articles/{id}", || {
        read(knowledge::read)
    }),
    Route(
        "/api/sn_km_api/knowledge/articles/{id}/attachments/{sys_id}",
        || read(knowledge::file),
    ),
    Route("/api/sn_customerservice/case", customers_and_new),
    Route("/api/sn_customerservice/case/{sys_id}", case),
    Route("/api/sn_chg_rest/change", changes),
    Route("/api/sn_chg_rest/change/normal", changes),
    Route("/api/sn_chg_rest/change/emergency", changes),
    Route("/api/sn_chg_rest/change/standard", standard_changes),
    Route("/api/sn_chg_rest/change/model", || read(change::models)),
    Route("/api/sn_chg_rest/change/model/{sys_id}", || {
        read(change::model)
    }),
    Route("/api/sn_chg_rest/change/worker/{sys_id}", || {
        read(change::worker)
    }),
    Route("/api/sn_chg_rest/change/standard/template", || {
        read(change::templates)
    }),
    Route("/api/sn_chg_rest/change/standard/template/{sys_id}", || {
        read(change::template)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/nextstates", || {
        read(change::next_states)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/ci", || {
        read(change::items).post(change::add_items)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/conflict", || {
        read(change::conflicts)
            .post(change::check)
            .delete(change::cancel_check)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}", one_change),
    Route("/api/sn_chg_rest/change/normal/{sys_id}", one_change),
    Route("/api/sn_chg_rest/change/emergency/{sys_id}", one_change),
    Route(
        "/api/sn_chg_rest/change/standard/{sys_id}",
        one_standard_change,
    ),
    Route("/api/sn_chg_rest/change/{sys_id}/task", change_tasks),
    Route(
        "/api/sn_chg_rest/change/{sys_id}/task/{task_id}",
        one_change_task,
    ),
    Route("/api/sn_chg_rest/v1/change", changes),
    Route("/api/sn_chg_rest/v1/change/normal", changes),
    Route("/api/sn_chg_rest/v1/change/emergency", changes),
    Route("/api/sn_chg_rest/v1/change/standard", standard_changes),
    // Else the next two would be read as the keys of changes.
    Route("/api/sn_chg_rest/v1/change/model", || read(change::models)),
    Route("/api/sn_chg_rest/v1/change/standard/template", || {
        read(change::templates)
    }),
    Route("/api/sn_chg_rest/v1/change/{sys_id}", one_change),
    Route("/api/sn_chg_rest/v1/change/normal/{sys_id}", one_change),
    Route("/api/sn_chg_rest/v1/change/emergency/{sys_id}", one_change),
    Route(
        "/api/sn_chg_rest/v1/change/standard/{sys_id}",
        one_standard_change,
    ),
    Route("/api/sn_chg_rest/v1/change/{sys_id}/task", change_tasks),
    Route(
        "/api/sn_chg_rest/v1/change/{sys_id}/task/{task_id}",
        one_change_task,
    ),
    Route("/api/global/user_role_inheritance", || {
        read(roles::inherited)
    }),
    Route("/api/now/doc", || read(doc::catalogue)),
    Route("/api/now/doc/namespaces", || read(doc::namespaces)),
    Route("/api/now/doc/services", || read(doc::services)),
    Route("/api/now/doc/oas_3", || read(doc::specification)),
    Route("/api/now/tinyurl", || {
        post(tiny::make).fallback(table::method)
    }),
    Route(
        "/api/sn_broker/rest_message/{message}/{function}/execute",
        || post(rest_message::execute).fallback(table::method),
    ),
    Route("/api/sn_broker/rest_execution/{sys_id}", || {
        read(rest_message::execution)
    }),
    Route("/api/sn_broker/alias/{alias}/request", || {
        post(rest_message::request).fallback(table::method)
    }),
    Route("/api/sn_broker/request", || {
        post(rest_message::request_to_url).fallback(table::method)
    }),
    Route("/api/sn_broker/token/{alias}", || read(broker::token)),
    Route("/api/sn_broker/alias/{alias}/resolve", || {
        read(broker::resolve)
    }),
    Route("/api/sn_broker/alias/{alias}/grant", || {
        read(grant::grant).post(grant::grant).delete(grant::grant)
    }),
    Route("/api/sn_broker/health", || read(grant::health)),
    Route("/api/sn_broker/flow/{flow}/run", || {
        post(flow::run).fallback(table::method)
    }),
    Route("/api/sn_broker/flow_run/{sys_id}", || read(flow::progress)),
    Route("/api/sn_sc/servicecatalog/catalogs", || {
        read(catalog::catalogs)
    }),
    Route("/api/sn_sc/v1/servicecatalog/catalogs", || {
        read(catalog::catalogs)
    }),
    Route("/api/sn_sc/servicecatalog/catalogs/{sys_id}", || {
        read(catalog::catalog)
    }),
    Route("/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}", || {
        read(catalog::catalog)
    }),
    Route(
        "/api/sn_sc/servicecatalog/catalogs/{sys_id}/categories",
        || read(catalog::categories),
    ),
    Route(
        "/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}/categories",
        || read(catalog::categories),
    ),
    Route("/api/sn_sc/servicecatalog/categories/{sys_id}", || {
        read(catalog::category)
    }),
    Route("/api/sn_sc/v1/servicecatalog/categories/{sys_id}", || {
        read(catalog::category)
    }),
    Route("/api/sn_sc/servicecatalog/items", || read(catalog::items)),
    Route("/api/sn_sc/v1/servicecatalog/items", || {
        read(catalog::items)
    }),
    Route("/api/sn_sc/servicecatalog/items/{sys_id}", || {
        read(catalog::item)
    }),
    Route("/api/sn_sc/v1/servicecatalog/items/{sys_id}", || {
        read(catalog::item)
    }),
    Route("/api/sn_sc/servicecatalog/items/{sys_id}/variables", || {
        read(catalog::variables)
    }),
    Route(
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/variables",
        || read(catalog::variables),
    ),
    Route(
        "/api/sn_sc/servicecatalog/items/{sys_id}/order_now",
        order_now,
    ),
    Route(
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/order_now",
        order_now,
    ),
    Route(
        "/api/sn_sc/servicecatalog/items/{sys_id}/add_to_cart",
        add_to_cart,
    ),
    Route(
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/add_to_cart",
        add_to_cart,
    ),
    Route(
        "/api/sn_sc/servicecatalog/items/{sys_id}/submit_producer",
        produce,
    ),
    Route(
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/submit_producer",
        produce,
    ),
    Route("/api/sn_sc/servicecatalog/cart", || read(catalog::show)),
    Route("/api/sn_sc/v1/servicecatalog/cart", || read(catalog::show)),
    Route("/api/sn_sc/servicecatalog/cart/checkout", submit),
    Route("/api/sn_sc/v1/servicecatalog/cart/checkout", submit),
    Route("/api/sn_sc/servicecatalog/cart/submit_order", submit),
    Route("/api/sn_sc/v1/servicecatalog/cart/submit_order", submit),
    Route("/api/sn_sc/servicecatalog/cart/{cart_item_id}", cart_line),
    Route(
        "/api/sn_sc/v1/servicecatalog/cart/{cart_item_id}",
        cart_line,
    ),
    Route("/api/sn_sc/servicecatalog/cart/{cart_id}/empty", empty_cart),
    Route(
        "/api/sn_sc/v1/servicecatalog/cart/{cart_id}/empty",
        empty_cart,
    ),
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

fn import() -> MethodRouter<App> {
    post(import_set::one).fallback(table::method)
}

fn import_several() -> MethodRouter<App> {
    post(import_set::several).fallback(table::method)
}

fn imported() -> MethodRouter<App> {
    read(import_set::read)
}

fn items() -> MethodRouter<App> {
    read(cmdb::list).post(cmdb::create)
}

fn item() -> MethodRouter<App> {
    read(cmdb::read).put(cmdb::update).patch(cmdb::update)
}

fn relate() -> MethodRouter<App> {
    post(cmdb::add_relations).fallback(table::method)
}

fn related() -> MethodRouter<App> {
    delete(cmdb::remove_relation).fallback(table::method)
}

fn reconcile() -> MethodRouter<App> {
    post(cmdb::reconcile).fallback(table::method)
}

fn identify() -> MethodRouter<App> {
    post(cmdb::ask).fallback(table::method)
}

fn customers() -> MethodRouter<App> {
    read(csm::list)
}

fn customers_and_new() -> MethodRouter<App> {
    read(csm::list).post(csm::create)
}

fn case() -> MethodRouter<App> {
    read(csm::read).put(csm::update).patch(csm::update)
}

/// Returns the paths of the APIs, as patterns.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|Route(path, _)| *path)
}

/// Returns the methods that a path takes, for the description of its API.
pub(super) fn methods(path: &str) -> &'static [&'static str] {
    let below = path.trim_start_matches("/api/");
    let is = |part: &str| below.contains(part);
    let last = path.rsplit('/').next().unwrap_or_default();
    match last {
        "file" if !is("{sys_id}") => &["POST"],
        "upload" | "batch" | "insertMultiple" | "relation" | "{staging}" => &["POST"],
        "{rel_id}" => &["DELETE"],
        _ if is("identifyreconcile") => &["POST"],
        "contact" | "consumer" | "case" | "change" | "normal" | "emergency" | "task" | "ci" => {
            &["GET", "POST"]
        }
        "attributes" | "conflict" => &["GET", "POST", "DELETE"],
        "{key}" => &["GET", "PUT", "DELETE"],
        "{sys_id}" if is("/model/") || is("/worker/") || is("/template/") || is("/articles/") => {
            &["GET"]
        }
        "{sys_id}" if is("sn_chg_rest") && is("/standard/") => &["GET", "POST", "PATCH", "DELETE"],
        "{table}" if is("/table/") => &["GET", "POST"],
        "{class}" if is("/instance/") => &["GET", "POST"],
        "{sys_id}" if is("/table/") => &["GET", "PUT", "PATCH", "DELETE"],
        "{sys_id}" if is("/attachment/") => &["GET", "PATCH", "DELETE"],
        "{sys_id}" if is("/instance/") || is("/case/") => &["GET", "PUT", "PATCH"],
        "order_now" | "add_to_cart" | "submit_producer" | "checkout" | "submit_order" | "email" => {
            &["POST"]
        }
        "{task_id}" => &["GET", "PATCH", "DELETE"],
        "{sys_id}" if is("sn_chg_rest") => &["GET", "PATCH", "DELETE"],
        "{cart_item_id}" => &["PUT", "DELETE"],
        "empty" => &["DELETE"],
        _ => &["GET"],
    }
}

fn changes() -> MethodRouter<App> {
    read(change::list).post(change::create)
}

fn standard_changes() -> MethodRouter<App> {
    read(change::list)
}

fn one_change() -> MethodRouter<App> {
    read(change::read)
        .patch(change::update)
        .delete(change::delete)
}

/// A standard change, or the template that one is made from.
fn one_standard_change() -> MethodRouter<App> {
    one_change().post(change::create_standard)
}

fn attributes() -> MethodRouter<App> {
    read(attachment::attributes)
        .post(attachment::add_attribute)
        .delete(attachment::clear_attributes)
}

fn one_attribute() -> MethodRouter<App> {
    read(attachment::attribute)
        .put(attachment::change_attribute)
        .delete(attachment::remove_attribute)
}

fn change_tasks() -> MethodRouter<App> {
    read(change::tasks).post(change::create_task)
}

fn one_change_task() -> MethodRouter<App> {
    read(change::task)
        .patch(change::update_task)
        .delete(change::delete_task)
}

fn order_now() -> MethodRouter<App> {
    post(catalog::now).fallback(table::method)
}

fn add_to_cart() -> MethodRouter<App> {
    post(catalog::add).fallback(table::method)
}

fn produce() -> MethodRouter<App> {
    post(catalog::produce).fallback(table::method)
}

fn submit() -> MethodRouter<App> {
    post(catalog::submit).fallback(table::method)
}

fn cart_line() -> MethodRouter<App> {
    put(catalog::change)
        .delete(catalog::remove)
        .fallback(table::method)
}

fn empty_cart() -> MethodRouter<App> {
    delete(catalog::empty).fallback(table::method)
}

/// A path that is read; any other method that is not added is refused.
fn read<T: 'static>(handler: impl axum::handler::Handler<T, App>) -> MethodRouter<App> {
    get(handler).fallback(table::method)
}

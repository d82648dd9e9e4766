//! The routes of the REST surface. Those of the Table API come first: they are looked for in this order.

use super::{
    attachment, batch, broker, catalog, change, cmdb, code_search, create, csm, discover, doc,
    email, flow, grant, import_set, knowledge, rest_message, roles, stats, table, tiny,
};
use crate::{
    methods::{Methods, delete, get, patch, post, put},
    router::Route,
};

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
    Route("/api/now/cmdb/meta/{class}", || get(cmdb::meta)),
    Route("/api/now/v1/cmdb/meta/{class}", || get(cmdb::meta)),
    Route("/api/now/identifyreconcile", reconcile),
    Route("/api/now/v1/identifyreconcile", reconcile),
    Route("/api/now/identifyreconcile/enhanced", reconcile),
    Route("/api/now/identifyreconcile/query", identify),
    Route("/api/now/v1/identifyreconcile/query", identify),
    Route("/api/now/identifyreconcile/queryEnhanced", identify),
    Route("/api/now/account", customers),
    Route("/api/now/account/{sys_id}", || get(csm::read)),
    Route("/api/now/contact", customers_and_new),
    Route("/api/now/contact/{sys_id}", || get(csm::read)),
    Route("/api/now/consumer", customers_and_new),
    Route("/api/now/consumer/{sys_id}", || get(csm::read)),
    Route("/api/now/email", || post(email::send)),
    Route("/api/now/email/{id}", || get(email::read)),
    Route("/api/sn_km_api/knowledge/articles", || get(knowledge::list)),
    Route("/api/sn_km_api/knowledge/articles/featured", || {
        get(knowledge::featured)
    }),
    Route("/api/sn_km_api/knowledge/articles/most_viewed", || {
        get(knowledge::most_viewed)
    }),
    Route("/api/sn_km_api/knowledge/articles/{id}", || {
        get(knowledge::read)
    }),
    Route(
        "/api/sn_km_api/knowledge/articles/{id}/attachments/{sys_id}",
        || get(knowledge::file),
    ),
    Route("/api/sn_customerservice/case", customers_and_new),
    Route("/api/sn_customerservice/case/{sys_id}", case),
    Route("/api/sn_chg_rest/change", changes),
    Route("/api/sn_chg_rest/change/normal", changes),
    Route("/api/sn_chg_rest/change/emergency", changes),
    Route("/api/sn_chg_rest/change/standard", standard_changes),
    Route("/api/sn_chg_rest/change/model", || get(change::models)),
    Route("/api/sn_chg_rest/change/model/{sys_id}", || {
        get(change::model)
    }),
    Route("/api/sn_chg_rest/change/worker/{sys_id}", || {
        get(change::worker)
    }),
    Route("/api/sn_chg_rest/change/standard/template", || {
        get(change::templates)
    }),
    Route("/api/sn_chg_rest/change/standard/template/{sys_id}", || {
        get(change::template)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/nextstates", || {
        get(change::next_states)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/ci", || {
        get(change::items).post(change::add_items)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/conflict", || {
        get(change::conflicts)
            .post(change::check)
            .delete(change::cancel_check)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/approvals", || {
        patch(change::decide)
    }),
    Route("/api/sn_chg_rest/change/{sys_id}/risk", || {
        patch(change::risk)
    }),
    Route("/api/sn_chg_rest/change/standard/{sys_id}/risk", || {
        patch(change::risk)
    }),
    Route(
        "/api/sn_chg_rest/change/{sys_id}/refresh_impacted_services",
        || post(change::refresh),
    ),
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
    Route("/api/sn_chg_rest/v1/change/model", || get(change::models)),
    Route("/api/sn_chg_rest/v1/change/standard/template", || {
        get(change::templates)
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
    Route("/api/sn_codesearch/code_search/search", || {
        get(code_search::search)
    }),
    Route("/api/sn_codesearch/code_search/tables", || {
        get(code_search::searched)
    }),
    Route("/api/global/user_role_inheritance", || {
        get(roles::inherited)
    }),
    Route("/api/now/doc", || get(doc::catalogue)),
    Route("/api/now/doc/namespaces", || get(doc::namespaces)),
    Route("/api/now/doc/services", || get(doc::services)),
    Route("/api/now/doc/oas_3", || get(doc::specification)),
    Route("/api/now/tinyurl", || post(tiny::make)),
    Route(
        "/api/sn_broker/rest_message/{message}/{function}/execute",
        || post(rest_message::execute),
    ),
    Route("/api/sn_broker/rest_execution/{sys_id}", || {
        get(rest_message::execution)
    }),
    Route("/api/sn_broker/alias/{alias}/request", || {
        post(rest_message::request)
    }),
    Route("/api/sn_broker/request", || {
        post(rest_message::request_to_url)
    }),
    Route("/api/sn_broker/token/{alias}", || get(broker::token)),
    Route("/api/sn_broker/alias/{alias}/resolve", || {
        get(broker::resolve)
    }),
    Route("/api/sn_broker/alias/{alias}/grant", || {
        get(grant::grant).post(grant::grant).delete(grant::grant)
    }),
    Route("/api/sn_broker/health", || get(grant::health)),
    Route("/api/sn_broker/flow/{flow}/run", || post(flow::run)),
    Route("/api/sn_broker/flow_run/{sys_id}", || get(flow::progress)),
    Route("/api/sn_sc/servicecatalog/catalogs", || {
        get(catalog::catalogs)
    }),
    Route("/api/sn_sc/v1/servicecatalog/catalogs", || {
        get(catalog::catalogs)
    }),
    Route("/api/sn_sc/servicecatalog/catalogs/{sys_id}", || {
        get(catalog::catalog)
    }),
    Route("/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}", || {
        get(catalog::catalog)
    }),
    Route(
        "/api/sn_sc/servicecatalog/catalogs/{sys_id}/categories",
        || get(catalog::categories),
    ),
    Route(
        "/api/sn_sc/v1/servicecatalog/catalogs/{sys_id}/categories",
        || get(catalog::categories),
    ),
    Route("/api/sn_sc/servicecatalog/categories/{sys_id}", || {
        get(catalog::category)
    }),
    Route("/api/sn_sc/v1/servicecatalog/categories/{sys_id}", || {
        get(catalog::category)
    }),
    Route("/api/sn_sc/servicecatalog/items", || get(catalog::items)),
    Route("/api/sn_sc/v1/servicecatalog/items", || get(catalog::items)),
    Route("/api/sn_sc/servicecatalog/items/{sys_id}", || {
        get(catalog::item)
    }),
    Route("/api/sn_sc/v1/servicecatalog/items/{sys_id}", || {
        get(catalog::item)
    }),
    Route("/api/sn_sc/servicecatalog/items/{sys_id}/variables", || {
        get(catalog::variables)
    }),
    Route(
        "/api/sn_sc/v1/servicecatalog/items/{sys_id}/variables",
        || get(catalog::variables),
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
    Route("/api/sn_sc/servicecatalog/cart", || get(catalog::show)),
    Route("/api/sn_sc/v1/servicecatalog/cart", || get(catalog::show)),
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
        get(discover::current_user)
    }),
    Route("/api/now/ui/meta/{table}", || get(discover::meta)),
    Route("/api/now/doc/table/schema", || get(discover::tables)),
    Route("/api/now/doc/table/schema/{table}", || {
        get(discover::columns)
    }),
];

fn list() -> Methods {
    get(table::list).post(create::create)
}

fn record() -> Methods {
    get(table::read)
        .put(table::update)
        .patch(table::update)
        .delete(table::delete)
}

fn aggregate() -> Methods {
    get(stats::read)
}

fn attachments() -> Methods {
    get(attachment::list)
}

fn attach() -> Methods {
    post(attachment::file)
}

fn attach_form() -> Methods {
    post(attachment::multipart)
}

fn attached() -> Methods {
    get(attachment::read)
        .patch(attachment::rename)
        .delete(attachment::delete)
}

fn attached_file() -> Methods {
    get(attachment::content)
}

fn attached_by_name() -> Methods {
    get(attachment::content_by_name)
}

fn several() -> Methods {
    post(batch::run)
}

fn import() -> Methods {
    post(import_set::one)
}

fn import_several() -> Methods {
    post(import_set::several)
}

fn imported() -> Methods {
    get(import_set::read)
}

fn items() -> Methods {
    get(cmdb::list).post(cmdb::create)
}

fn item() -> Methods {
    get(cmdb::read).put(cmdb::update).patch(cmdb::update)
}

fn relate() -> Methods {
    post(cmdb::add_relations)
}

fn related() -> Methods {
    delete(cmdb::remove_relation)
}

fn reconcile() -> Methods {
    post(cmdb::reconcile)
}

fn identify() -> Methods {
    post(cmdb::ask)
}

fn customers() -> Methods {
    get(csm::list)
}

fn customers_and_new() -> Methods {
    get(csm::list).post(csm::create)
}

fn case() -> Methods {
    get(csm::read).put(csm::update).patch(csm::update)
}

/// Returns the paths of the APIs, as patterns, with their places among all routes.
pub(super) fn paths() -> impl Iterator<Item = (usize, &'static str)> {
    ROUTES.iter().map(|Route(path, _)| *path).enumerate()
}

fn changes() -> Methods {
    get(change::list).post(change::create)
}

fn standard_changes() -> Methods {
    get(change::list)
}

fn one_change() -> Methods {
    get(change::read)
        .patch(change::update)
        .delete(change::delete)
}

/// A standard change, or the template that one is made from.
fn one_standard_change() -> Methods {
    one_change().post(change::create_standard)
}

fn attributes() -> Methods {
    get(attachment::attributes)
        .post(attachment::add_attribute)
        .delete(attachment::clear_attributes)
}

fn one_attribute() -> Methods {
    get(attachment::attribute)
        .put(attachment::change_attribute)
        .delete(attachment::remove_attribute)
}

fn change_tasks() -> Methods {
    get(change::tasks).post(change::create_task)
}

fn one_change_task() -> Methods {
    get(change::task)
        .patch(change::update_task)
        .delete(change::delete_task)
}

fn order_now() -> Methods {
    post(catalog::now)
}

fn add_to_cart() -> Methods {
    post(catalog::add)
}

fn produce() -> Methods {
    post(catalog::produce)
}

fn submit() -> Methods {
    post(catalog::submit)
}

fn cart_line() -> Methods {
    put(catalog::change).delete(catalog::remove)
}

fn empty_cart() -> Methods {
    delete(catalog::empty)
}

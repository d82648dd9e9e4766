//! The APIs, for whoever looks for them (`rest-and-records.md` §9.5, §12.3): the catalogue that the REST API Explorer
//! reads, and each API as an `OpenAPI` 3.0.1 document. All of it is made from the routes that are served.

use std::collections::BTreeMap;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{access::Head, params::pairs, routes, yaml};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::Session,
    router::methods_of,
    surface::form,
};

/// Name, namespace and path of its API, description.
#[rustfmt::skip]
const APIS: &[(&str, &str, &str, &str)] = &[
    ("Table API", "now", "table", "Create, read, update and delete records of any table"),
    ("Aggregate API", "now", "stats", "Count records and calculate over them"),
    ("Attachment API", "now", "attachment", "Upload, read and delete files"),
    ("Batch API", "now", "batch", "Several requests in one"),
    ("Import Set API", "now", "import", "Stage rows and carry them to their tables"),
    ("CMDB Instance API", "now", "cmdb/instance", "Configuration items with their relations"),
    ("CMDB Meta API", "now", "cmdb/meta", "Classes of configuration items"),
    ("Identification and Reconciliation API", "now", "identifyreconcile", "Find or make configuration items"),
    ("Account API", "now", "account", "Customer accounts"),
    ("Contact API", "now", "contact", "Customer contacts"),
    ("Consumer API", "now", "consumer", "Customers who buy for themselves"),
    ("Email API", "now", "email", "Mail to be sent"),
    ("Knowledge Management API", "sn_km_api", "knowledge", "Published articles"),
    ("Case API", "sn_customerservice", "case", "Customer service cases"),
    ("Change Management API", "sn_chg_rest", "change", "Change requests and their tasks"),
    ("Code Search API", "sn_codesearch", "code_search", "Where a text stands in scripts"),
    ("Service Catalog API", "sn_sc", "servicecatalog", "What can be ordered, carts and orders"),
    ("User Role Inheritance API", "global", "user_role_inheritance", "Roles of a user, and where they come from"),
];

/// An operation of an API: version, method and the path below `/api`, without its version.
struct Operation {
    version: &'static str,
    method: &'static str,
    route: String,
}

fn operations(api: &str, namespace: &str) -> Vec<Operation> {
    let mut found = Vec::new();
    for (at, path) in routes::paths() {
        let below = path.strip_prefix("/api/").unwrap_or_default();
        let Some(rest) = below
            .strip_prefix(namespace)
            .and_then(|it| it.strip_prefix('/'))
        else {
            continue;
        };
        let (version, rest) = match rest.split_once('/') {
            Some(("v1", rest)) => ("v1", rest),
            Some(("v2", rest)) => ("v2", rest),
            _ => ("latest", rest),
        };
        let is_of_api = rest == api || rest.strip_prefix(api).is_some_and(|it| it.starts_with('/'));
        if is_of_api {
            let route = format!("/{namespace}/{rest}");
            let methods = methods_of(at).filter(|method| **method != Method::HEAD);
            found.extend(methods.map(|method| Operation {
                version,
                method: method.as_str(),
                route: route.clone(),
            }));
        }
    }
    found
}

/// `GET /api/now/doc`: every API.
pub(crate) async fn catalogue(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    Session::open(app, Head::from(&request)).await?;
    Ok(told(&Value::Object(listed(None))))
}

/// `GET /api/now/doc/services?namespace=…`: those of one namespace; an unknown one has none.
pub(crate) async fn services(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    Session::open(app, Head::from(&request)).await?;
    let asked = Spec::of(&request);
    Ok(told(&Value::Object(listed(Some(&asked.namespace)))))
}

/// `GET /api/now/doc/namespaces`
pub(crate) async fn namespaces(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    Session::open(app, Head::from(&request)).await?;
    let names: Vec<String> = listed(None).keys().cloned().collect();
    Ok(told(&json!(names)))
}

fn listed(only: Option<&str>) -> Map<String, Value> {
    let mut namespaces: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (name, namespace, api, description) in APIS {
        if only.is_some_and(|only| only != *namespace) {
            continue;
        }
        let mut versions: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for Operation {
            version,
            method,
            route,
        } in operations(api, namespace)
        {
            let resource =
                json!({"httpMethod": method, "route": route, "description": description});
            versions.entry(version).or_default().push(resource);
        }
        let versions: Map<String, Value> = versions
            .into_iter()
            .map(|(version, resources)| (version.to_owned(), json!({"resources": resources})))
            .collect();
        let listed = json!({
            "apiName": format!("{namespace}/{api}"),
            "svcName": name,
            "description": description,
            "scripted": false,
            "versions": versions,
        });
        namespaces
            .entry(namespace)
            .or_default()
            .insert((*name).to_owned(), listed);
    }
    namespaces
        .into_iter()
        .map(|(name, apis)| (name.to_owned(), Value::Object(apis)))
        .collect()
}

/// What a specification is asked for by.
#[derive(Default)]
struct Spec {
    namespace: String,
    name: String,
    version: String,
}

impl Spec {
    fn of(request: &Request) -> Self {
        let mut spec = Self::default();
        for (name, value) in pairs(request.uri().query().unwrap_or_default()) {
            match &*name {
                "namespace" => spec.namespace = value.into_owned(),
                "name" => spec.name = value.into_owned(),
                "version" => spec.version = value.into_owned(),
                _ => {}
            }
        }
        spec
    }
}

/// Whether YAML is asked for: by `Accept`, or as the Explorer's menu does by `format=yaml`.
fn wants_yaml(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let mut asked = pairs(request.uri().query().unwrap_or_default());
    accept.contains("yaml")
        || asked.any(|(name, value)| {
            ["format", "sysparm_format"].contains(&&*name) && value.eq_ignore_ascii_case("yaml")
        })
}

/// `GET /api/now/doc/oas_3?namespace=&name=&version=`: JSON, or YAML for who asks for it.
pub(crate) async fn specification(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open_for_any_form(app, Head::from(&request)).await?;
    // §1.3: a real instance answers application/json with 406; only who takes anything gets the document.
    if !form::takes_anything(request.headers()) && !wants_yaml(&request) {
        return Err(RestError::OnlyOctets);
    }
    let asked = Spec::of(&request);
    let known = APIS.iter().find(|(name, namespace, ..)| {
        *namespace == asked.namespace && name.eq_ignore_ascii_case(&asked.name)
    });
    let Some((name, namespace, api, description)) = known else {
        return Err(RestError::UnknownApi {
            api: asked.name,
            namespace: asked.namespace,
        });
    };
    let wanted = match &*asked.version {
        "" => "latest",
        version => version,
    };
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for operation in operations(api, namespace) {
        if operation.version == wanted {
            let methods = paths.entry(with_version(&operation)).or_default();
            methods.insert(operation.method.to_ascii_lowercase(), described(&operation));
        }
    }
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": name, "description": description, "version": wanted},
        "servers": [{"url": session.app.issuer}],
        "paths": paths,
    });
    let (text, kind) = if wants_yaml(&request) {
        (yaml::write(&document), "application/yaml")
    } else {
        (document.to_string(), "application/octet-stream")
    };
    let mut response = answer(StatusCode::OK, text);
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// `/api/now/v1/table/{table}`
fn with_version(operation: &Operation) -> String {
    match operation.version {
        "latest" => format!("/api{}", operation.route),
        version => {
            let route = operation.route.trim_start_matches('/');
            let (namespace, rest) = route.split_once('/').unwrap_or((route, ""));
            format!("/api/{namespace}/{version}/{rest}")
        }
    }
}

/// §12.3: only the good answer is described.
fn described(operation: &Operation) -> Value {
    let steps = operation.route.split('/');
    let names = steps.filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = names
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    let content = json!({"application/json": {}, "application/xml": {}, "text/xml": {}});
    let mut described = json!({
        "description": "",
        "parameters": parameters,
        "responses": {"200": {"description": "ok", "content": content}},
    });
    if matches!(operation.method, "POST" | "PUT" | "PATCH") {
        described["requestBody"] = json!({"content": {"application/json": {}}});
    }
    described
}

/// The document is not copied to be wrapped.
fn told(result: &Value) -> Response {
    answer(StatusCode::OK, format!("{{\"result\":{result}}}"))
}

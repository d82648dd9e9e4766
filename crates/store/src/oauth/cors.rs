//! CORS rules, from their records to what is asked of them (`rest-and-records.md` §12.2).

use std::collections::HashMap;

use snowglobe_oauth::api_access::{
    CorsRule, CorsRules, Pattern,
    cors::{AllowHeaders, Domain, Target},
};
use snowglobe_records::Dictionary;

use crate::{Store, backend::StoreError, records::Find, sql::Row};

const FIELDS: [&str; 11] = [
    "name",
    "active",
    "use_resource_path",
    "resource_path",
    "rest_api",
    "domain",
    "max_age",
    "access_control_allow_credentials",
    "access_control_allow_headers",
    "exposed_headers",
    "get",
];
/// The columns of the methods, which follow from the last of [`FIELDS`] on.
const METHODS: [&str; 4] = ["post", "put", "patch", "delete"];
const GET: usize = FIELDS.len() - 1;

impl Store {
    pub(crate) async fn load_cors_rules(
        &self,
        dictionary: &Dictionary,
    ) -> Result<CorsRules, StoreError> {
        let fields = [FIELDS.as_slice(), &METHODS].concat();
        let rows = self
            .select(dictionary, "sys_cors_rule", Find::All, &fields)
            .await?;
        if rows.is_empty() {
            return Ok(CorsRules::default());
        }
        let apis = self.load_web_services(dictionary).await?;
        let rule = |row: Row<'_>| {
            let rule = rule(row, &apis);
            if rule.is_none() {
                let name = row.text(0);
                tracing::warn!(name, "a CORS rule names no API, no path or no domain");
            }
            rule
        };
        let active = rows.iter().filter(|row| row.int(1) != 0);
        Ok(CorsRules::new(active.filter_map(rule).collect()))
    }

    /// The paths of REST APIs by what records call them: the key of their own record, and their name.
    pub(crate) async fn load_web_services(
        &self,
        dictionary: &Dictionary,
    ) -> Result<HashMap<Box<str>, Pattern>, StoreError> {
        let fields = ["sys_id", "name", "namespace", "service_id"];
        let rows = self
            .select(dictionary, "sys_ws_definition", Find::All, &fields)
            .await?;
        let mut apis = HashMap::new();
        for row in rows.iter() {
            let path = format!("{}/{}", row.text(2), row.text(3));
            if let Some(pattern) = Pattern::of_api(&path) {
                apis.insert(row.text(1).to_ascii_lowercase().into(), pattern.clone());
                apis.insert(row.text(0).into(), pattern);
            }
        }
        Ok(apis)
    }
}

fn rule(row: Row<'_>, apis: &HashMap<Box<str>, Pattern>) -> Option<CorsRule> {
    let target = if row.int(2) != 0 {
        let path = row.text(3).trim();
        (!path.is_empty()).then(|| Target::Path(path.into()))?
    } else {
        Target::Api(api(row.text(4), apis)?)
    };
    let allow_headers = match row.text(8).trim() {
        "" | "*" => AllowHeaders::Any,
        listed => AllowHeaders::Listed(listed.into()),
    };
    let allowed = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let methods = allowed.into_iter().zip(GET..);
    let domain = Domain::parse(row.text(5)).ok()?;
    Some(CorsRule {
        name: row.text(0).into(),
        target,
        methods: methods
            .filter(|(_, at)| row.int(*at) != 0)
            .map(|(method, _)| method)
            .collect(),
        max_age: u32::try_from(row.int(6)).unwrap_or_default(),
        // §12.2: credentials are not allowed with a wildcard.
        credentials: row.int(7) != 0 && !domain.is_wildcard(),
        domain,
        allow_headers,
        expose_headers: row.text(9).trim().into(),
    })
}

/// Returns the calls of the API that a record names: by the key of its definition, by name, or by path, which may
/// stand in brackets as lists show it: `Table API [now/table]`.
pub(super) fn api(text: &str, apis: &HashMap<Box<str>, Pattern>) -> Option<Pattern> {
    let text = text.trim();
    let in_brackets = text.strip_suffix(']').and_then(|it| it.split_once('['));
    let known = apis
        .get(text)
        .or_else(|| apis.get(&*text.to_ascii_lowercase()));
    known
        .cloned()
        .or_else(|| Pattern::of_api(in_brackets.map_or(text, |(_, path)| path)))
}

//! REST messages, from their seven tables to what is run.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use snowglobe_oauth::outbound::{
    BasicProfile, DeclaredVariable, Escaping, LogLevel, MessageAuth, RestFunction, RestMessage,
};

use super::{
    load::{Load, Sealed, keep, optional},
    secrets::SecretOf,
};
use crate::{backend::StoreError, sql::Row};

type Functions = HashMap<Box<str>, Vec<Arc<RestFunction>>>;
type Variables = HashMap<Box<str>, Vec<DeclaredVariable>>;
type Pairs = HashMap<Box<str>, Vec<(Box<str>, Box<str>)>>;

const FUNCTION: &str = "rest_message_function";

impl Load<'_> {
    pub(super) async fn messages(
        &self,
    ) -> Result<BTreeMap<Box<str>, Arc<RestMessage>>, StoreError> {
        let mut functions = self.functions().await?;
        let mut headers = self
            .pairs("sys_rest_message_headers", "rest_message")
            .await?;
        let fields = [
            "sys_id",
            "name",
            "rest_endpoint",
            "authentication_type",
            "basic_auth_profile",
            "oauth2_profile",
            "connection_alias",
            "retry_policy",
        ];
        let rows = self.all("sys_rest_message", &fields).await?;
        let message = |row: Row<'_>| RestMessage {
            sys_id: row.text(0).into(),
            name: row.text(1).into(),
            endpoint: row.text(2).into(),
            auth: auth(row, 3),
            retry_policy: optional(row, 7),
            headers: headers.remove(row.text(0)).unwrap_or_default(),
            functions: functions.remove(row.text(0)).unwrap_or_default(),
        };
        let messages = rows.iter().map(message);
        Ok(messages
            .map(|it| (it.sys_id.clone(), Arc::new(it)))
            .collect())
    }

    /// By the keys of their messages.
    async fn functions(&self) -> Result<Functions, StoreError> {
        let mut headers = self.pairs("sys_rest_message_fn_headers", FUNCTION).await?;
        let mut query = self.query().await?;
        let mut variables = self.variables().await?;
        let fields = [
            "sys_id",
            "rest_message",
            "function_name",
            "http_method",
            "rest_endpoint",
            "content",
            "authentication_type",
            "basic_auth_profile",
            "oauth2_profile",
            "connection_alias",
            "log_level",
        ];
        let rows = self.all("sys_rest_message_fn", &fields).await?;
        let mut functions = Functions::new();
        for row in rows.iter() {
            let of_message = functions.entry(row.text(1).into()).or_default();
            of_message.push(Arc::new(RestFunction {
                sys_id: row.text(0).into(),
                name: row.text(2).into(),
                method: row.text(3).to_ascii_uppercase().into(),
                endpoint: row.text(4).into(),
                content: row.text(5).into(),
                auth: auth(row, 6),
                headers: headers.remove(row.text(0)).unwrap_or_default(),
                query: query.remove(row.text(0)).unwrap_or_default(),
                variables: variables.remove(row.text(0)).unwrap_or_default(),
                log_level: LogLevel::parse(row.text(10)),
            }));
        }
        Ok(functions)
    }

    async fn pairs(&self, table: &str, owner: &str) -> Result<Pairs, StoreError> {
        let rows = self.all(table, &[owner, "name", "value"]).await?;
        let mut pairs = Pairs::new();
        for row in rows.iter() {
            let of_owner = pairs.entry(row.text(0).into()).or_default();
            of_owner.push((row.text(1).into(), row.text(2).into()));
        }
        Ok(pairs)
    }

    async fn query(&self) -> Result<Pairs, StoreError> {
        let table = "sys_rest_message_fn_param_defs";
        let rows = self
            .all(table, &[FUNCTION, "name", "value", "order"])
            .await?;
        let mut rows: Vec<Row<'_>> = rows.iter().collect();
        rows.sort_by_key(|row| (row.int(3), row.text(1).to_owned()));
        let mut pairs = Pairs::new();
        for row in rows {
            let of_function = pairs.entry(row.text(0).into()).or_default();
            of_function.push((row.text(1).into(), row.text(2).into()));
        }
        Ok(pairs)
    }

    async fn variables(&self) -> Result<Variables, StoreError> {
        let table = "sys_rest_message_fn_parameters";
        let rows = self
            .all(table, &[FUNCTION, "name", "value", "type"])
            .await?;
        let mut variables = Variables::new();
        for row in rows.iter() {
            let of_function = variables.entry(row.text(0).into()).or_default();
            of_function.push(DeclaredVariable {
                name: row.text(1).into(),
                test_value: row.text(2).into(),
                escaping: match row.text(3) {
                    "xml" => Escaping::Xml,
                    "json" => Escaping::Json,
                    _ => Escaping::NotInBodies,
                },
            });
        }
        Ok(variables)
    }

    pub(super) async fn basic_profiles(
        &self,
        sealed: &mut Sealed,
    ) -> Result<BTreeMap<Box<str>, BasicProfile>, StoreError> {
        let fields = ["sys_id", "username", "password", "name"];
        let rows = self.all("sys_auth_profile_basic", &fields).await?;
        let profile = |row: Row<'_>| {
            keep(sealed, SecretOf::BasicProfile, row, 2);
            let profile = BasicProfile {
                name: row.text(3).into(),
                user_name: row.text(1).into(),
            };
            (row.text(0).into(), profile)
        };
        Ok(rows.iter().map(profile).collect())
    }
}

fn auth(row: Row<'_>, at: usize) -> MessageAuth {
    match row.text(at) {
        "no_authentication" => MessageAuth::None,
        "basic" | "basic_simple" => MessageAuth::Basic(row.text(at + 1).into()),
        "oauth2" => MessageAuth::OAuth(row.text(at + 2).into()),
        "alias" => MessageAuth::Alias(row.text(at + 3).into()),
        _ => MessageAuth::Inherit,
    }
}

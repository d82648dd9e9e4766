//! The application registry as the protocol sees it: from an `oauth_entity` record to a [`Client`], and nowhere
//! else.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_oauth::{
    account::UserNo,
    client::{Client, ClientNo, InboundGrantType},
    policy::Dialect,
    scope::Scope,
    secret::SecretHash,
};
use snowglobe_records::{Dictionary, Value};

use crate::{
    Store,
    backend::StoreError,
    records::Find,
    sql::{Row, Rows},
};

/// Every client, by what a request names it with and by what a token carries.
#[derive(Debug, Default)]
pub struct Clients {
    by_id: HashMap<Box<str>, Arc<Client>>,
    by_no: HashMap<ClientNo, Arc<Client>>,
}

impl Clients {
    /// Returns the client with this `client_id`; compared byte by byte.
    #[must_use]
    pub fn by_id(&self, client_id: &str) -> Option<&Arc<Client>> {
        self.by_id.get(client_id)
    }

    /// Returns the client with the number that tokens carry.
    #[must_use]
    pub fn by_no(&self, no: ClientNo) -> Option<&Arc<Client>> {
        self.by_no.get(&no)
    }
}

const COLUMNS: [&str; 13] = [
    "sys_id",
    "client_id",
    "name",
    "client_secret",
    "client_secret_previous",
    "active",
    "public_client",
    "user",
    "access_token_lifespan",
    "refresh_token_lifespan",
    "inbound_grant_type",
    "dialect",
    "type",
];

impl Store {
    pub(crate) async fn load_clients(
        &self,
        dictionary: &Dictionary,
    ) -> Result<Clients, StoreError> {
        let rows = self
            .select(dictionary, "oauth_entity", Find::All, &COLUMNS)
            .await?;
        let scopes = self.load_client_scopes(dictionary).await?;
        let users = self.load_application_users(dictionary, &rows).await?;
        let mut clients = Clients::default();
        for row in rows.iter().filter(|row| row.text(12) != "provider") {
            match client(row, &scopes, &users) {
                Ok(client) if client.client_id.is_empty() => {}
                Ok(client) => {
                    let client = Arc::new(client);
                    clients
                        .by_id
                        .insert(client.client_id.clone(), Arc::clone(&client));
                    clients.by_no.insert(client.no, client);
                }
                // One damaged record must not take the registry down.
                Err(error) => tracing::error!(error = %error, "a client cannot be used"),
            }
        }
        Ok(clients)
    }

    /// The classic scope names of each client.
    async fn load_client_scopes(
        &self,
        dictionary: &Dictionary,
    ) -> Result<HashMap<Box<str>, Vec<Box<str>>>, StoreError> {
        let fields = ["oauth_entity", "oauth_entity_scope"];
        let rows = self
            .select(dictionary, "oauth_entity_scope", Find::All, &fields)
            .await?;
        let mut scopes: HashMap<Box<str>, Vec<Box<str>>> = HashMap::new();
        for row in rows.iter() {
            scopes
                .entry(row.text(0).into())
                .or_default()
                .push(row.text(1).into());
        }
        Ok(scopes)
    }

    /// The numbers of the users that client credentials act as.
    async fn load_application_users(
        &self,
        dictionary: &Dictionary,
        clients: &Rows,
    ) -> Result<HashMap<Box<str>, UserNo>, StoreError> {
        let named = clients.iter().filter_map(|row| row.get(7).as_text());
        let named: HashSet<&str> = named.collect();
        if named.is_empty() {
            return Ok(HashMap::new());
        }
        let find = Find::Among("sys_id", named.into_iter().map(Value::text).collect());
        let rows = self
            .select(dictionary, "sys_user", find, &["sys_id"])
            .await?;
        let number = |row: Row<'_>| {
            let no = u32::try_from(row.int(1)).ok()?;
            Some((row.text(0).into(), UserNo(no)))
        };
        Ok(rows.iter().filter_map(number).collect())
    }
}

fn client(
    row: Row<'_>,
    scopes: &HashMap<Box<str>, Vec<Box<str>>>,
    users: &HashMap<Box<str>, UserNo>,
) -> Result<Client, StoreError> {
    let corrupt = |column: &'static str| StoreError::Corrupt {
        table: "oauth_entity".into(),
        row: row.text(0).into(),
        column: column.into(),
    };
    let secrets = [(3, "client_secret"), (4, "client_secret_previous")]
        .into_iter()
        .filter_map(|(at, column)| Some((row.get(at).as_text()?, column)))
        .map(|(text, column)| SecretHash::parse(text).map_err(|_| corrupt(column)))
        .collect::<Result<_, _>>()?;
    let lifespan = |at, column| u32::try_from(row.int(at)).map_err(|_| corrupt(column));
    let names = scopes
        .get(row.text(0))
        .into_iter()
        .flatten()
        .map(|name| &**name);
    Ok(Client {
        no: ClientNo(u32::try_from(row.int(COLUMNS.len())).map_err(|_| corrupt("sys_row"))?),
        sys_id: row.text(0).into(),
        client_id: row.text(1).into(),
        name: row.text(2).into(),
        secrets,
        active: row.int(5) != 0,
        public: row.int(6) != 0,
        application_user: users.get(row.text(7)).copied(),
        access_token_lifespan: lifespan(8, "access_token_lifespan")?,
        refresh_token_lifespan: lifespan(9, "refresh_token_lifespan")?,
        scope: Scope::of(names),
        inbound_grant_type: InboundGrantType::parse(row.text(10)),
        dialect: match row.text(11) {
            "servicenow" => Some(Dialect::ServiceNow),
            "strict" => Some(Dialect::Strict),
            _ => None,
        },
        rotation: None,
    })
}

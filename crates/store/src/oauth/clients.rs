//! The application registry as the protocol sees it: from an `oauth_entity` record to a [`Client`], and nowhere
//! else.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_oauth::{
    account::UserNo,
    client::{
        AuthScope, Client, ClientKind, ClientNo, ClientType, CodeChallengeMethod, InboundGrantType,
        ScopeRestriction, TokenFormat,
    },
    jose::{Algorithm, KeySet, VerifyingKey},
    policy::Dialect,
    redirect_uri::RedirectUri,
    resource::Resources,
    scope::Scope,
    secret::{Secret, SecretHash},
    signing,
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
    resources: HashSet<Box<str>>,
}

impl Clients {
    /// Returns the client with this `client_id`; compared byte by byte.
    #[must_use]
    pub fn by_id(&self, client_id: &str) -> Option<&Arc<Client>> {
        self.by_id.get(client_id)
    }

    /// Returns the client whose record has this key.
    #[must_use]
    pub fn by_sys_id(&self, sys_id: &str) -> Option<&Arc<Client>> {
        self.by_no.values().find(|client| *client.sys_id == *sys_id)
    }

    /// Returns the client with the number that tokens carry.
    #[must_use]
    pub fn by_no(&self, no: ClientNo) -> Option<&Arc<Client>> {
        self.by_no.get(&no)
    }

    /// Returns the longest life, in seconds, that an access token may be given now.
    #[must_use]
    pub fn longest_access_token_lifespan(&self) -> u32 {
        let lifespans = self
            .by_no
            .values()
            .map(|client| client.access_token_lifespan);
        lifespans.max().unwrap_or_default()
    }

    /// Tells whether an active application is the resource server with this URI.
    #[must_use]
    pub fn is_resource(&self, uri: &str) -> bool {
        self.resources.contains(uri)
    }
}

const COLUMNS: [&str; 29] = [
    "sys_id",
    "client_id",
    "name",
    "client_secret",
    "client_secret_previous",
    "token_endpoint_auth_method",
    "active",
    "public_client",
    "user",
    "access_token_lifespan",
    "refresh_token_lifespan",
    "inbound_grant_type",
    "dialect",
    "type",
    "sys_class_name",
    "redirect_url",
    "post_logout_redirect_url",
    "use_pkce",
    "code_challenge_method",
    "token_format",
    "sub_claim",
    "client_type",
    "logo_url",
    "login_url",
    "skip_consent",
    "scope_restriction_status",
    "resource_uris",
    "token_signing_alg",
    "enforce_token_restrictions",
];

/// The place of a column among [`COLUMNS`]; a name that is not there does not compile.
const fn at(name: &str) -> usize {
    let mut place = 0;
    while place < COLUMNS.len() {
        if equal(COLUMNS[place].as_bytes(), name.as_bytes()) {
            return place;
        }
        place += 1;
    }
    panic!("no such column")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// What is kept of a client's secrets.
#[derive(Default)]
struct Secrets {
    hashes: Vec<SecretHash>,
    keys: Vec<Arc<VerifyingKey>>,
}

/// Auth scopes and classic scope names by the client they belong to.
#[derive(Default)]
struct Scopes {
    mapped: HashMap<Box<str>, Vec<AuthScope>>,
    classic: HashMap<Box<str>, Vec<Box<str>>>,
}

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
        let mut trust = self.load_trust(dictionary).await?;
        let mut clients = Clients::default();
        for row in rows
            .iter()
            // Those are others' servers, of which this instance is a client itself.
            .filter(|row| !matches!(row.text(const { at("type") }), "provider" | "consumer"))
        {
            match self.client(row, &scopes, &users) {
                Ok(client) if client.client_id.is_empty() => {}
                Ok(mut client) => {
                    trust.give(&mut client);
                    let client = Arc::new(client);
                    if client.active {
                        let uris = client.resources.iter().map(Into::into);
                        clients.resources.extend(uris);
                    }
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

    /// Which of the two tables a request's scope is held against is not public (`inbound-oauth.md` §5.1), so both
    /// count.
    async fn load_client_scopes(&self, dictionary: &Dictionary) -> Result<Scopes, StoreError> {
        let mut scopes = Scopes::default();
        let fields = ["oauth_entity", "oauth_entity_scope"];
        let rows = self
            .select(dictionary, "oauth_entity_scope", Find::All, &fields)
            .await?;
        for row in rows.iter() {
            let of_client = scopes.classic.entry(row.text(0).into()).or_default();
            of_client.push(row.text(1).into());
        }
        let table = "oauth_entity_auth_scope_mapping";
        let fields = [
            "oauth_entity",
            "auth_scope",
            "auth_scope.name",
            "auth_scope.description",
        ];
        let rows = self.select(dictionary, table, Find::All, &fields).await?;
        for row in rows.iter().filter(|row| !row.text(2).is_empty()) {
            let of_client = scopes.mapped.entry(row.text(0).into()).or_default();
            of_client.push(AuthScope {
                sys_id: row.text(1).into(),
                name: row.text(2).into(),
                description: row.text(3).into(),
            });
        }
        Ok(scopes)
    }

    /// The numbers of the users that client credentials act as.
    async fn load_application_users(
        &self,
        dictionary: &Dictionary,
        clients: &Rows,
    ) -> Result<HashMap<Box<str>, UserNo>, StoreError> {
        let named = clients
            .iter()
            .filter_map(|row| row.get(const { at("user") }).as_text());
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

    fn client(
        &self,
        row: Row<'_>,
        scopes: &Scopes,
        users: &HashMap<Box<str>, UserNo>,
    ) -> Result<Client, StoreError> {
        let sys_id = row.text(const { at("sys_id") });
        let corrupt = |column: &'static str| StoreError::Corrupt {
            table: "oauth_entity".into(),
            row: sys_id.into(),
            column: column.into(),
        };
        // Left empty: as a new record has it (`inbound-oauth.md` §3.1).
        let lifespan = |at: usize, usual: u32| match row.get(at).as_int() {
            None => Ok(usual),
            Some(seconds) => u32::try_from(seconds).map_err(|_| corrupt(COLUMNS[at])),
        };
        let secrets = self.secrets(row, corrupt)?;
        let flag = |at| row.int(at) != 0;
        let optional = |at| {
            Some(row.text(at))
                .filter(|it| !it.is_empty())
                .map(Into::into)
        };
        let auth_scopes = scopes.mapped.get(sys_id).cloned().unwrap_or_default();
        let classic = scopes.classic.get(sys_id).into_iter().flatten();
        let names = auth_scopes.iter().map(|scope| &*scope.name);
        let names = names.chain(classic.map(|name| &**name));
        let method = row.text(const { at("code_challenge_method") });
        let name = row.text(const { at("name") });
        let client_id = row.text(const { at("client_id") });
        let no = u32::try_from(row.int(COLUMNS.len())).map_err(|_| corrupt("sys_row"))?;
        Ok(Client {
            kind: kind(row.text(const { at("sys_class_name") })),
            secrets: secrets.hashes,
            secret_keys: KeySet::of(secrets.keys),
            active: flag(const { at("active") }),
            public: flag(const { at("public_client") }),
            redirect_uris: redirect_uris(row, const { at("redirect_url") }),
            post_logout_redirect_uris: redirect_uris(row, const { at("post_logout_redirect_url") }),
            use_pkce: flag(const { at("use_pkce") }),
            code_challenge_method: CodeChallengeMethod::parse(method).unwrap_or_default(),
            token_format: match row.text(const { at("token_format") }) {
                "jwt" => TokenFormat::Jwt,
                _ => TokenFormat::Opaque,
            },
            sub_claim: optional(const { at("sub_claim") }).unwrap_or_else(|| "sys_id".into()),
            client_type: ClientType::parse(row.text(const { at("client_type") })),
            logo_url: optional(const { at("logo_url") }),
            login_url: optional(const { at("login_url") }),
            skip_consent: flag(const { at("skip_consent") }),
            application_user: users.get(row.text(const { at("user") })).copied(),
            access_token_lifespan: lifespan(const { at("access_token_lifespan") }, 1800)?,
            refresh_token_lifespan: lifespan(const { at("refresh_token_lifespan") }, 8_640_000)?,
            scope: Scope::of(names),
            scope_restriction: match row.text(const { at("scope_restriction_status") }) {
                "restricted" => ScopeRestriction::Restricted,
                _ => ScopeRestriction::Unrestricted,
            },
            auth_scopes,
            enforce_token_restrictions: flag(const { at("enforce_token_restrictions") }),
            inbound_grant_type: InboundGrantType::parse(
                row.text(const { at("inbound_grant_type") }),
            ),
            dialect: match row.text(const { at("dialect") }) {
                "servicenow" => Some(Dialect::ServiceNow),
                "strict" => Some(Dialect::Strict),
                _ => None,
            },
            rotation: None,
            resources: Resources::of(
                row.text(const { at("resource_uris") })
                    .split([',', ' ', '\n', '\r', '\t']),
            ),
            signing_algorithm: signing_algorithm(row.text(const { at("token_signing_alg") })),
            ..Client::new(ClientNo(no), sys_id, client_id, name)
        })
    }

    /// Reads what is kept of a client's secrets. One that is a key, too, is sealed, and otherwise compared as others are.
    fn secrets(
        &self,
        row: Row<'_>,
        corrupt: impl Fn(&'static str) -> StoreError,
    ) -> Result<Secrets, StoreError> {
        let mut secrets = Secrets::default();
        let is_key = row.text(const { at("token_endpoint_auth_method") }) == "client_secret_jwt";
        for at in [
            const { at("client_secret") },
            const { at("client_secret_previous") },
        ] {
            let Some(kept) = row.get(at).as_text() else {
                continue;
            };
            if let Ok(hash) = SecretHash::parse(kept) {
                secrets.hashes.push(hash);
                continue;
            }
            // The one before was sealed as the present one.
            let opened = ["client_secret", COLUMNS[at]]
                .into_iter()
                .find_map(|element| self.open_secret(("oauth_entity", element), row.text(0), kept));
            let opened = opened.and_then(|bytes| String::from_utf8(bytes).ok());
            let secret = Secret::new(opened.ok_or_else(|| corrupt(COLUMNS[at]))?);
            if is_key && let Ok(key) = VerifyingKey::shared(None, secret.expose().as_bytes()) {
                secrets.keys.push(Arc::new(key));
            }
            // In memory alone, where the secret itself is, too: a slow hash would protect nothing.
            secrets.hashes.push(SecretHash::hash_generated(&secret));
        }
        Ok(secrets)
    }
}

fn signing_algorithm(alg: &str) -> Algorithm {
    let known = Algorithm::parse(alg).filter(|alg| signing::ALGORITHMS.contains(alg));
    known.unwrap_or(signing::ALGORITHMS[0])
}

fn kind(class: &str) -> ClientKind {
    match class {
        "oauth_jwt" => ClientKind::JwtBearer,
        "oauth_oidc_entity" => ClientKind::ThirdParty,
        "oauth_entity_cimd" => ClientKind::MetadataDocument,
        _ => ClientKind::Client,
    }
}

/// A URI that is not sound is never redirected to, whoever wrote it into the row (security.md §2, 4).
fn redirect_uris(row: Row<'_>, at: usize) -> Vec<RedirectUri> {
    let sound = |(text, parsed): (&str, Result<_, _>)| match parsed {
        Ok(uri) => Some(uri),
        Err(fault) => {
            let client = row.text(const { self::at("client_id") });
            tracing::warn!(client.id = client, redirect_uri = text, %fault, "a redirect URI is left out");
            None
        }
    };
    RedirectUri::list(row.text(at)).filter_map(sound).collect()
}

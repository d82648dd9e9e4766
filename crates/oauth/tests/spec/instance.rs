//! A whole instance without a server: it reads, decides and applies, in memory and at a time of the test's choice.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_oauth::{
    Account, Change, Client, ClientNo, Context, Decision, Dialect, Form, Grant, IssuedToken,
    KeyRing, NumberedScope, Policy, Properties, Resources, Scope, ScopeNo, Secret, SecretHash,
    TokenError, TokenId, TokenIds, TokenKind, TokenRequest, UnixMillis, UserNo,
    assertion::{AssertionFault, Recipients},
    bearer::{self, Bearer, BearerFault},
    client_auth::{self, AuthenticatedClient},
    error::ClientFault,
    grants::{
        CurrentTokens,
        authorization_code::{self, CodeState, StoredCode},
        client_credentials,
        device_code::{self, DeviceState, StoredDevice},
        jwt_bearer, password,
        refresh_token::{self, Family},
    },
    resource_owner::check_password,
    revoke::{self, RevocationRequest},
};

/// The client most tests use, with the secret `hush`.
pub(crate) const WEB: &str = "client_id=web&client_secret=hush";
/// Another client, with the secret `pssst`.
pub(crate) const OTHER: &str = "client_id=other&client_secret=pssst";
/// A public client.
pub(crate) const PHONE: &str = "client_id=phone";
pub(crate) const ABEL: &str = "grant_type=password&username=abel&password=tuttle";
pub(crate) const NOW: UnixMillis = UnixMillis(1_800_000_000_500);

pub(crate) struct Instance {
    pub(crate) policy: Policy,
    pub(crate) properties: Properties,
    pub(crate) now: UnixMillis,
    pub(crate) clients: Vec<Arc<Client>>,
    pub(crate) accounts: Vec<Arc<Account>>,
    pub(crate) keys: KeyRing,
    pub(crate) families: HashMap<TokenId, Family>,
    pub(crate) revoked: HashSet<TokenId>,
    /// The digests of used assertions.
    assertions: HashSet<[u8; 32]>,
    /// The header `Authentication` of requests.
    pub(crate) authentication: Option<&'static str>,
    pub(crate) codes: HashMap<TokenId, StoredCode>,
    pub(crate) devices: HashMap<TokenId, StoredDevice>,
    /// Whether people have a second factor.
    pub(crate) second_factor: bool,
    /// `glide.oauth.clients.allowed.for.implicit.grant`
    pub(crate) implicit_clients: String,
    /// A store that mixes up whose rows it returns.
    pub(crate) careless: bool,
    /// `oauth_credential`, in the order of making.
    pub(crate) rows: Vec<IssuedToken>,
    /// What the last request wrote.
    pub(crate) changes: Vec<Change>,
    scopes: Vec<Scope>,
    pub(crate) ids: TokenIds,
}

/// A successful answer, read from its JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) json: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scope: String,
    pub(crate) expires_in: u64,
}

impl Instance {
    pub(crate) fn servicenow() -> Self {
        Self::new(Policy::of(Dialect::ServiceNow))
    }

    /// The strict dialect, with the password grant left on: it is the shortest way to a refresh token.
    pub(crate) fn strict() -> Self {
        Self::new(Policy {
            password_grant: true,
            ..Policy::of(Dialect::Strict)
        })
    }

    fn new(policy: Policy) -> Self {
        let public = Client {
            public: true,
            secrets: Vec::new(),
            ..client(3, "phone", "")
        };
        Self {
            policy,
            properties: Properties {
                client_credentials_enabled: true,
                ..Properties::default()
            },
            now: NOW,
            clients: vec![
                Arc::new(client(1, "web", "hush")),
                Arc::new(client(2, "other", "pssst")),
                Arc::new(public),
            ],
            accounts: vec![
                Arc::new(account(1, "abel", "tuttle")),
                Arc::new(account(2, "robot", "beep")),
            ],
            keys: KeyRing::new(1, &[7; 32]),
            families: HashMap::new(),
            revoked: HashSet::new(),
            assertions: HashSet::new(),
            authentication: None,
            codes: HashMap::new(),
            devices: HashMap::new(),
            second_factor: false,
            implicit_clients: String::new(),
            careless: false,
            rows: Vec::new(),
            changes: Vec::new(),
            scopes: vec![Scope::USERACCOUNT],
            ids: TokenIds::new(1),
        }
    }

    pub(crate) fn client(&mut self, id: &str) -> &mut Client {
        let client = self
            .clients
            .iter_mut()
            .find(|client| &*client.client_id == id)
            .unwrap();
        Arc::make_mut(client)
    }

    pub(crate) fn account(&mut self, name: &str) -> &mut Account {
        let account = self
            .accounts
            .iter_mut()
            .find(|account| &*account.user_name == name)
            .unwrap();
        Arc::make_mut(account)
    }

    pub(crate) fn later(&mut self, seconds: i64) {
        self.now.0 += seconds * 1000;
    }

    /// Posts a form to the token endpoint.
    pub(crate) fn post(&mut self, body: &str) -> Result<Answer, TokenError> {
        self.post_with(body, None)
    }

    pub(crate) fn post_with(
        &mut self,
        body: &str,
        authorization: Option<&str>,
    ) -> Result<Answer, TokenError> {
        self.changes.clear();
        let form = Form::parse(body.as_bytes())?;
        let request = TokenRequest::parse(&form, authorization, &self.policy)?;
        let client = self.authenticate(&request.presented)?;
        let decision = self.decide(&client, &request.grant)?;
        match decision {
            Decision::Issue(issue) => {
                let (response, changes) = issue.mint(&self.ids, &self.keys, self.now);
                if changes.iter().any(|change| self.is_replay(change)) {
                    return Err(TokenError::InvalidGrant(AssertionFault::Replayed.into()));
                }
                self.apply(&changes);
                let mut json = Vec::new();
                response.write_json(&mut json);
                Ok(Answer::read(String::from_utf8(json).unwrap()))
            }
            Decision::Deny { error, changes } => {
                self.apply(&changes);
                Err(error)
            }
        }
    }

    pub(crate) fn refresh(&mut self, token: &str) -> Result<Answer, TokenError> {
        self.post(&format!(
            "grant_type=refresh_token&refresh_token={token}&{WEB}"
        ))
    }

    pub(crate) fn revoke(&mut self, body: &str) -> Result<Option<Change>, TokenError> {
        self.changes.clear();
        let form = Form::parse(body.as_bytes())?;
        let request = RevocationRequest::parse(&form, None, &self.policy)?;
        let by = self.authenticate(&request.presented).ok();
        let token = self.keys.verify(request.token.expose());
        let owner = token
            .ok()
            .and_then(|claims| self.client_no(claims.client).cloned());
        let material = revoke::Material {
            token,
            by: by.as_ref(),
            owner: owner.as_deref(),
        };
        let change = revoke::decide(&material, &self.policy, self.now)?;
        self.apply(change.as_slice());
        Ok(change)
    }

    /// Presents a token to the API.
    pub(crate) fn call(&self, token: &str) -> Result<Bearer, BearerFault> {
        let claims = self.keys.verify(token)?;
        let client = self.client_no(claims.client);
        let account = self.account_no(claims.user);
        let revoked = |id| self.revoked.contains(&id);
        bearer::check(
            &claims,
            self.now,
            revoked,
            client.map(|c| &**c),
            account.map(|a| &**a),
        )
    }

    pub(crate) fn authenticate(
        &mut self,
        presented: &client_auth::Presented<'_>,
    ) -> Result<AuthenticatedClient, TokenError> {
        let find = |id: &str| self.clients.iter().find(|client| &*client.client_id == id);
        let named = presented.client_ids().find_map(find);
        if presented.assertion().is_none() {
            return client_auth::check(presented, named).run();
        }
        let rules = named.and_then(|client| client.assertions.as_deref());
        let keys = rules.map(|rules| rules.keys.clone()).unwrap_or_default();
        let checked =
            client_auth::check_assertion(presented, named, &keys, self.recipients(), self.now);
        let (client, once) = checked?;
        let used = Change::UseAssertion(once);
        if self.is_replay(&used) {
            let fault = ClientFault::Assertion(AssertionFault::Replayed);
            return Err(TokenError::InvalidClient(fault));
        }
        self.apply(&[used]);
        Ok(client)
    }

    fn recipients(&self) -> Recipients<'static> {
        Recipients {
            names: &["https://snow.example", "https://snow.example/oauth2/token"],
            audience: self.policy.assertion_audience,
        }
    }

    fn is_replay(&self, change: &Change) -> bool {
        matches!(change, Change::UseAssertion(id) if self.assertions.contains(id.digest()))
    }

    fn decide(
        &mut self,
        client: &AuthenticatedClient,
        grant: &Grant<'_>,
    ) -> Result<Decision, TokenError> {
        let (policy, properties) = (self.policy.clone(), self.properties);
        let context = Context {
            policy: &policy,
            properties: &properties,
            now: self.now,
        };
        grant.permitted(client, &context)?;
        Ok(match grant {
            Grant::AuthorizationCode(parameters) => {
                let presented = parameters.verify(&self.keys)?;
                let claims = presented.claims;
                let scope = self.numbered(self.scopes[claims.scope.0 as usize].clone());
                let material = authorization_code::Material {
                    presented,
                    stored: self.codes.get(&claims.id),
                    account: self.account_no(claims.user).map(|account| &**account),
                    scope: &scope,
                    current: self.current(claims.client, claims.user, claims.scope),
                };
                authorization_code::decide(parameters, client, &material, &context)
            }
            Grant::ClientCredentials(parameters) => {
                let scope = self.numbered(Scope::granted(parameters.scope, client, &policy)?);
                let account = client.application_user.and_then(|no| self.account_no(no));
                let current = account.map(|account| self.current(client.no, account.no, scope.no));
                let material = client_credentials::Material {
                    scope: &scope,
                    application_user: account.map(|account| &**account),
                    current: current.unwrap_or_default(),
                };
                client_credentials::decide(client, &material, &context)
            }
            Grant::DeviceCode(parameters) => {
                let presented = parameters.verify(&self.keys)?;
                let scope = self.scopes[presented.claims.scope.0 as usize].clone();
                let scope = self.numbered(scope);
                let stored = self.devices.get(&presented.claims.id);
                let allowed = stored.and_then(StoredDevice::allowed);
                let account = allowed.and_then(|allowed| self.account_no(allowed.user));
                let material = device_code::Material {
                    presented,
                    stored,
                    account: account.map(|account| &**account),
                    scope: &scope,
                };
                device_code::decide(client, &material, &context)
            }
            Grant::JwtBearer(parameters) => {
                let jwt = parameters.assertion(self.authentication, policy.assertion_audience)?;
                let keys = jwt_bearer::rules(client)?.keys.clone();
                let accepted = jwt_bearer::accept(jwt, &keys, client, self.recipients(), &context)?;
                let scope = self.numbered(Scope::granted(parameters.scope, client, &policy)?);
                let named = |account: &&Arc<Account>| account.user_name == accepted.subject;
                let user = self
                    .accounts
                    .iter()
                    .find(named)
                    .ok_or(TokenError::InvalidGrant(AssertionFault::UserUnknown.into()))?;
                let material = jwt_bearer::Material {
                    scope: &scope,
                    accepted: &accepted,
                    user,
                    administrator: &*user.user_name == "robot",
                    current: self.current(client.no, user.no, scope.no),
                };
                jwt_bearer::decide(client, &material, &context)
            }
            Grant::Password(parameters) => {
                let scope = self.numbered(Scope::granted(parameters.scope, client, &policy)?);
                let named = |account: &&Arc<Account>| *account.user_name == *parameters.username;
                let account = self.accounts.iter().find(named);
                let user = check_password(account, &parameters.password).run()?;
                let current = self.current(client.no, user.no, scope.no);
                let material = password::Material {
                    scope: &scope,
                    user: &user,
                    second_factor: self.second_factor,
                    current,
                };
                password::decide(client, &material, &context)
            }
            Grant::RefreshToken(parameters) => {
                let presented = parameters.verify(&self.keys)?;
                let claims = presented.claims;
                let granted = self.scopes[claims.scope.0 as usize].clone();
                let scope = Scope::refreshed(parameters.scope, &granted, &policy)?;
                let scope = self.numbered(scope);
                let material = refresh_token::Material {
                    presented,
                    family: self.families.get(&claims.id).copied(),
                    revoked: self.revoked.contains(&claims.id),
                    account: self.account_no(claims.user).map(|account| &**account),
                    scope: &scope,
                };
                refresh_token::decide(client, &material, &context)
            }
        })
    }

    pub(crate) fn apply(&mut self, changes: &[Change]) {
        self.changes.extend(changes);
        for change in changes {
            match *change {
                Change::InsertToken(token) => self.rows.push(token),
                Change::RotateFamily(step) => {
                    let stored = self
                        .families
                        .get(&step.id)
                        .map_or(0, |family| family.generation);
                    assert_eq!(stored, step.from, "the guard of a rotation");
                    let (generation, rotated_at, expires) = (step.to, step.at, step.expires);
                    let family = Family {
                        generation,
                        rotated_at,
                        expires,
                    };
                    self.families.insert(step.id, family);
                }
                Change::UseAssertion(id) => {
                    self.assertions.insert(*id.digest());
                }
                Change::ConsumeCode {
                    id,
                    gave,
                    gave_until: until,
                    ..
                } => {
                    let code = self.codes.get_mut(&id).unwrap();
                    assert_eq!(code.state, CodeState::Unused, "the guard of a code");
                    code.state = CodeState::Consumed { gave, until };
                }
                Change::ConsumeDeviceCode {
                    id,
                    gave,
                    gave_until: until,
                    ..
                } => {
                    let device = self.devices.get_mut(&id).unwrap();
                    assert!(device.allowed().is_some(), "the guard of a device code");
                    device.state = DeviceState::Consumed { gave, until };
                }
                Change::NotePoll { id, at, interval } => {
                    let device = self.devices.get_mut(&id).unwrap();
                    (device.polled_at, device.interval) = (Some(at), interval);
                }
                Change::RevokeFamily { id, .. } | Change::RevokeToken { id, .. } => {
                    self.revoked.insert(id);
                }
            }
        }
    }

    fn current(&self, client: ClientNo, user: UserNo, scope: ScopeNo) -> CurrentTokens {
        let revoked = |id| self.revoked.contains(&id);
        let newest = |kind, of_family| {
            let of = |row: &&IssuedToken| {
                let claims = row.claims;
                let owner = (claims.client, claims.user, claims.scope);
                let place = (claims.kind, claims.family.is_some());
                self.careless || (place == (kind, of_family) && owner == (client, user, scope))
            };
            let lives = |row: &IssuedToken| {
                !revoked(row.claims.id) && !row.claims.family.is_some_and(revoked)
            };
            self.rows.iter().rev().find(of).copied().filter(lives)
        };
        CurrentTokens {
            alone: newest(TokenKind::Access, false),
            access: newest(TokenKind::Access, true),
            refresh: newest(TokenKind::Refresh, false),
        }
    }

    pub(crate) fn numbered(&mut self, scope: Scope) -> NumberedScope {
        let known = self.scopes.iter().position(|known| *known == scope);
        let no = known.unwrap_or_else(|| {
            self.scopes.push(scope.clone());
            self.scopes.len() - 1
        });
        NumberedScope {
            resources: Resources::NONE,
            no: ScopeNo(u32::try_from(no).unwrap()),
            scope,
        }
    }

    pub(crate) fn client_no(&self, no: ClientNo) -> Option<&Arc<Client>> {
        self.clients
            .iter()
            .find(|client| (client.no == no) != self.careless)
    }

    fn account_no(&self, no: UserNo) -> Option<&Arc<Account>> {
        self.accounts
            .iter()
            .find(|account| (account.no == no) != self.careless)
    }
}

impl Answer {
    fn read(json: String) -> Self {
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        let text = |key: &str| read[key].as_str().map(str::to_owned);
        assert_eq!(read["token_type"], "Bearer");
        Self {
            access_token: text("access_token").unwrap(),
            refresh_token: text("refresh_token"),
            scope: text("scope").unwrap(),
            expires_in: read["expires_in"].as_u64().unwrap(),
            json,
        }
    }

    pub(crate) fn refresh(&self) -> &str {
        self.refresh_token.as_deref().unwrap()
    }
}

/// A secret stored the fast way, so that tests of other things need not wait for argon2.
fn stored(secret: &str) -> SecretHash {
    SecretHash::hash_generated(&Secret::new(secret.to_owned()))
}

pub(crate) fn human(secret: &str) -> SecretHash {
    SecretHash::hash_human(&Secret::new(secret.to_owned()), [9; 16])
}

fn client(no: u32, client_id: &str, secret: &str) -> Client {
    Client {
        secrets: vec![stored(secret)],
        application_user: Some(UserNo(2)),
        ..Client::new(ClientNo(no), &format!("{no:032x}"), client_id, client_id)
    }
}

fn account(no: u32, user_name: &str, password: &str) -> Account {
    Account {
        no: UserNo(no),
        sys_id: format!("{:032x}", 1000 + no).into(),
        user_name: user_name.into(),
        active: true,
        locked_out: false,
        web_service_access_only: false,
        password_needs_reset: false,
        password: Some(stored(password)),
        tokens_valid_from: UnixMillis(0),
    }
}

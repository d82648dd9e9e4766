//! The token endpoint: `POST /oauth_token.do` and, in the strict dialect, `POST /oauth2/token`.
//!
//! ```text
//! form -> TokenRequest -> AuthenticatedClient -> material -> decide -> mint -> apply -> answer
//! ```
//! A decision that another request outran is made again from what is stored now.

use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use snowglobe_oauth::{
    account::Account,
    assertion::AssertionFault,
    change::Change,
    check::Check,
    client::Client,
    client_auth::AuthenticatedClient,
    error::{RequestFault, TokenError},
    form::Form,
    grants::{
        AuthorizationCode, ClientCredentials, Context, CurrentTokens, Decision, DeviceCode, Grant,
        Password, RefreshToken,
        authorization_code::{self, StoredCode},
        client_credentials,
        device_code::{self, StoredDevice},
        password, refresh_token,
    },
    id_token::Authentication,
    login::Proof,
    policy::{Dialect, Policy, TokenReuse},
    properties::Properties,
    resource::Resources,
    response::TokenResponse,
    scope::{NumberedScope, Scope},
    time::UnixMillis,
    token_request::TokenRequest,
};
use snowglobe_store::{Outrun, Owner, backend::ApplyError};

use super::{
    answer::{Failure, authorization, form_body, json, refuse},
    client, identity,
    jwt_bearer::{client_of_assertion, presented},
};
use crate::{
    app::App,
    config::TokenDurability,
    identity::{
        sign_in::{self, Door, Proven},
        token,
    },
    refusal,
};

/// `POST /oauth_token.do`
pub(crate) async fn servicenow(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::ServiceNow, request).await
}

/// `POST /oauth2/token`
pub(crate) async fn strict(State(app): State<App>, request: Request) -> Response {
    respond(&app, Dialect::Strict, request).await
}

async fn respond(app: &App, dialect: Dialect, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut policy = app.policy(dialect);
    let granted = async {
        let body = form_body(&parts, body).await?;
        let mut form = Form::parse(&body).map_err(TokenError::from)?;
        let query = url_parameters(app, dialect, &parts)?;
        form.append(query.as_bytes()).map_err(TokenError::from)?;
        grant(app, &mut policy, &form, &parts).await
    };
    match granted.await {
        Ok(response) => {
            let mut body = Vec::new();
            response.write_json(&mut body);
            json(StatusCode::OK, body)
        }
        Err(failure) => refuse(&failure, policy, &parts),
    }
}

/// Parameters in the URL end up in logs, so they count only where an old instance's property says so
/// (`inbound-oauth.md` §2.0), and never in the strict dialect (RFC 6749 §2.3.1).
fn url_parameters<'p>(app: &App, dialect: Dialect, parts: &'p Parts) -> Result<&'p str, Failure> {
    let query = parts.uri.query().unwrap_or_default();
    let body_only = || {
        let properties = app.store.properties();
        properties.flag("glide.oauth.allow.parameters.in.post.body.only", true)
    };
    if !query.is_empty() && (dialect == Dialect::Strict || body_only()) {
        return Err(RequestFault::ParametersInUrl.into());
    }
    Ok(query)
}

/// The flow. `policy` becomes the client's own where its record pins a dialect.
async fn grant<'a>(
    app: &'a App,
    policy: &mut &'a Policy,
    form: &Form<'_>,
    parts: &Parts,
) -> Result<TokenResponse, Failure> {
    let request = TokenRequest::parse(form, authorization(parts), policy)?;
    let header = parts.headers.get("authentication");
    let header = header.and_then(|header| header.to_str().ok());
    let by_assertion = client_of_assertion(app, &request.grant, header, policy);
    let presented = presented(request.presented, by_assertion.as_deref());
    let named = client::named(app, &presented);
    if let Some(client) = &named {
        refusal::sent_by(client.no);
    }
    if let Some(dialect) = named.as_ref().and_then(|client| client.dialect) {
        *policy = app.policy(dialect);
    }
    let client = client::authenticate(app, &presented, named.as_ref(), policy).await?;
    let properties = app.store.properties();
    let resources = request.resources.known(|uri| app.is_resource(uri));
    let flow = Flow {
        app,
        client: &client,
        policy,
        properties: properties.oauth(),
        resources: resources.map_err(TokenError::from)?,
        now: app.now(),
    };
    request.grant.permitted(&client, &flow.context())?;
    // The grants that wait for more than a look at memory are boxed: the future of every request has room for the
    // largest.
    let (response, person) = match &request.grant {
        Grant::AuthorizationCode(grant) => Box::pin(flow.authorization_code(grant)).await?,
        Grant::ClientCredentials(grant) => (flow.client_credentials(grant).await?, None),
        Grant::DeviceCode(grant) => Box::pin(flow.device_code(grant)).await?,
        Grant::JwtBearer(grant) => (Box::pin(flow.jwt_bearer(grant, header)).await?, None),
        Grant::Password(grant) => {
            let response = Box::pin(flow.password(grant)).await?;
            (response, Some(by_password(flow.now)))
        }
        // OpenID Connect Core §12.2: no nonce, and no auth_time but that of the log-in.
        Grant::RefreshToken(grant) => {
            let response = flow.refresh_token(grant).await?;
            (response, Some(Authentication::default()))
        }
    };
    Ok(identity::complete(app, &client, person.as_ref(), response, flow.now).await?)
}

/// The log-in that a right password is.
fn by_password(now: UnixMillis) -> Authentication {
    Authentication {
        auth_time: Some(now.seconds()),
        proof: Proof::Password,
        ..Authentication::default()
    }
}

/// The log-in behind a code.
fn log_in(code: StoredCode) -> Authentication {
    Authentication {
        auth_time: Some(code.authenticated_at),
        nonce: code.nonce,
        proof: code.proof,
    }
}

/// Runs a check where it belongs: a slow hash off the async threads.
pub(super) async fn settle<T: Send + 'static>(app: &App, check: Check<T>) -> Result<T, Failure> {
    match check {
        Check::Done(result) => Ok(result?),
        Check::Slow(job) => Ok(Box::pin(app.hashes.run(move || job.run())).await??),
    }
}

/// One request for an authenticated client.
pub(super) struct Flow<'f> {
    pub(super) app: &'f App,
    pub(super) client: &'f AuthenticatedClient,
    pub(super) policy: &'f Policy,
    properties: &'f Properties,
    /// The resource servers the access token is to be for.
    resources: Resources,
    pub(super) now: UnixMillis,
}

/// How often a decision is made again before the request is given up.
const ATTEMPTS: usize = 16;

impl Flow<'_> {
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            policy: self.policy,
            properties: self.properties,
            now: self.now,
        }
    }

    async fn authorization_code(
        &self,
        grant: &AuthorizationCode<'_>,
    ) -> Result<(TokenResponse, Option<Authentication>), Failure> {
        let store = &self.app.store;
        let presented = grant.verify(&store.keys())?;
        let claims = presented.claims;
        let granted = token::scope(self.app, claims.scope).await?;
        // RFC 8707 §2.2: for what the person allowed, or less.
        let resources = self.resources.narrowed(&granted.resources);
        let resources = resources.map_err(TokenError::from)?;
        let scope = store.number_scope_for(granted.scope, resources).await?;
        let user = store.user_by_no(claims.user).await?;
        let account = user.as_ref().map(|user| &*user.account);
        for _ in 0..ATTEMPTS {
            let stored = store.code(claims.id).await?;
            let current = self.current_tokens(&scope, account).await?;
            let material = authorization_code::Material {
                presented,
                stored: stored.as_ref(),
                account,
                scope: &scope,
                current,
            };
            let issue =
                match authorization_code::decide(grant, self.client, &material, &self.context()) {
                    Decision::Deny { error, changes } => return self.deny(error, &changes).await,
                    Decision::Issue(issue) => issue,
                };
            let (response, changes) = issue.mint(store.ids().tokens(), &store.keys(), self.now);
            match self.keep(&changes, account).await {
                Ok(()) => {
                    // Only now: what a code did not give must never be the current token. Two codes that are
                    // exchanged at the same moment may give two tokens.
                    let _outrun = self.remember(&scope, account, current, &changes);
                    return Ok((response, stored.map(log_in)));
                }
                Err(ApplyError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(outrun())
    }

    async fn device_code(
        &self,
        grant: &DeviceCode<'_>,
    ) -> Result<(TokenResponse, Option<Authentication>), Failure> {
        let store = &self.app.store;
        let presented = grant.verify(&store.keys())?;
        let claims = presented.claims;
        let granted = token::scope(self.app, claims.scope).await?;
        // RFC 8707 §2.2: for what the person allowed, or less.
        let resources = self.resources.narrowed(&granted.resources);
        let resources = resources.map_err(TokenError::from)?;
        let scope = store.number_scope_for(granted.scope, resources).await?;
        for _ in 0..ATTEMPTS {
            let stored = store.device(claims.id).await?;
            let allowed = stored.as_ref().and_then(StoredDevice::allowed);
            let user = match allowed {
                Some(allowed) => store.user_by_no(allowed.user).await?,
                None => None,
            };
            let account = user.as_ref().map(|user| &*user.account);
            let material = device_code::Material {
                presented,
                stored: stored.as_ref(),
                account,
                scope: &scope,
            };
            let issue = match device_code::decide(self.client, &material, &self.context()) {
                Decision::Deny { error, changes } => return self.deny(error, &changes).await,
                Decision::Issue(issue) => issue,
            };
            let (response, changes) = issue.mint(store.ids().tokens(), &store.keys(), self.now);
            match self.keep(&changes, account).await {
                Ok(()) => {
                    let person = Authentication {
                        auth_time: allowed.map(|allowed| allowed.authenticated_at),
                        proof: allowed.map(|allowed| allowed.proof).unwrap_or_default(),
                        ..Authentication::default()
                    };
                    return Ok((response, Some(person)));
                }
                Err(ApplyError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(outrun())
    }

    async fn client_credentials(
        &self,
        grant: &ClientCredentials<'_>,
    ) -> Result<TokenResponse, Failure> {
        let scope = self.granted_scope(grant.scope).await?;
        let user = match self.client.application_user {
            Some(no) => self.app.store.user_by_no(no).await?,
            None => None,
        };
        let account = user.as_ref().map(|user| &*user.account);
        self.attempt(&scope, account, |current| {
            let material = client_credentials::Material {
                scope: &scope,
                application_user: account,
                current,
            };
            client_credentials::decide(self.client, &material, &self.context())
        })
        .await
    }

    async fn password(&self, grant: &Password<'_>) -> Result<TokenResponse, Failure> {
        let scope = self.granted_scope(grant.scope).await?;
        let Proven { user, owner } =
            sign_in::check(self.app, grant.username, &grant.password).await?;
        sign_in::complete(self.app, &user, Door::Grant).await?;
        let heeds = password::heeds_second_factor(&self.context());
        let second_factor = heeds && self.app.store.second_factor(owner.no).await?.is_some();
        self.attempt(&scope, Some(&owner), |current| {
            let material = password::Material {
                scope: &scope,
                user: &owner,
                second_factor,
                current,
            };
            password::decide(self.client, &material, &self.context())
        })
        .await
    }

    async fn refresh_token(&self, grant: &RefreshToken<'_>) -> Result<TokenResponse, Failure> {
        let store = &self.app.store;
        let presented = grant.verify(&store.keys())?;
        let claims = presented.claims;
        let granted = token::scope(self.app, claims.scope).await?;
        let scope =
            Scope::refreshed(grant.scope, &granted.scope, self.policy).map_err(TokenError::from)?;
        // RFC 8707 §2.2: an access token from a refresh is for what the grant was for, or less.
        let resources = self.resources.narrowed(&granted.resources);
        let resources = resources.map_err(TokenError::from)?;
        let scope = store.number_scope_for(scope, resources).await?;
        let user = store.user_by_no(claims.user).await?;
        let account = user.as_ref().map(|user| &*user.account);
        for _ in 0..ATTEMPTS {
            let material = refresh_token::Material {
                presented,
                family: store.family(claims.id).await?,
                revoked: store.is_revoked(&claims),
                account,
                scope: &scope,
            };
            match refresh_token::decide(self.client, &material, &self.context()) {
                Decision::Deny { error, changes } => return self.deny(error, &changes).await,
                Decision::Issue(issue) => {
                    let (response, changes) =
                        issue.mint(store.ids().tokens(), &store.keys(), self.now);
                    match self.keep(&changes, account).await {
                        Ok(()) => return Ok(response),
                        Err(ApplyError::Conflict) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
        Err(outrun())
    }

    pub(super) async fn granted_scope(
        &self,
        requested: Option<&str>,
    ) -> Result<NumberedScope, Failure> {
        let scope =
            Scope::granted(requested, self.client, self.policy).map_err(TokenError::from)?;
        let resources = self.resources.clone();
        Ok(self.app.store.number_scope_for(scope, resources).await?)
    }

    /// Decides on the current tokens, and again when another request replaced them meanwhile.
    pub(super) async fn attempt(
        &self,
        scope: &NumberedScope,
        account: Option<&Account>,
        decide: impl Fn(CurrentTokens) -> Decision,
    ) -> Result<TokenResponse, Failure> {
        let store = &self.app.store;
        for _ in 0..ATTEMPTS {
            let current = self.current_tokens(scope, account).await?;
            let issue = match decide(current) {
                Decision::Deny { error, changes } => return self.deny(error, &changes).await,
                Decision::Issue(issue) => issue,
            };
            let (response, changes) = issue.mint(store.ids().tokens(), &store.keys(), self.now);
            // An assertion counts once: what rests on it is on disk before anybody may be handed the same token, and
            // is not decided again.
            if issue.assertion.is_some() {
                self.keep(&changes, account).await.map_err(used_before)?;
            }
            let remembered = self.remember(scope, account, current, &changes);
            if remembered.is_err() && issue.assertion.is_none() {
                continue;
            }
            if issue.assertion.is_none() {
                self.keep(&changes, account).await?;
            }
            return Ok(response);
        }
        Err(outrun())
    }

    /// The user, where a grant may return tokens that it has already.
    fn reused<'a>(
        &self,
        scope: &NumberedScope,
        account: Option<&'a Account>,
    ) -> Option<&'a Account> {
        // A token for certain resources is never handed out again.
        let reuses = self.policy.token_reuse == TokenReuse::Current && scope.resources.is_empty();
        account.filter(|_| reuses)
    }

    async fn current_tokens(
        &self,
        scope: &NumberedScope,
        account: Option<&Account>,
    ) -> Result<CurrentTokens, Failure> {
        let store = &self.app.store;
        Ok(match self.reused(scope, account) {
            Some(account) => store.current_tokens(self.client, account, scope).await?,
            None => CurrentTokens::default(),
        })
    }

    /// Makes what was issued the current tokens.
    fn remember(
        &self,
        scope: &NumberedScope,
        account: Option<&Account>,
        current: CurrentTokens,
        changes: &[Change],
    ) -> Result<(), Outrun> {
        let Some(account) = self.reused(scope, account) else {
            return Ok(());
        };
        let issued = changes.iter().filter_map(|change| match change {
            Change::InsertToken(token) => Some(*token),
            _ => None,
        });
        let whose = (&**self.client, account, scope);
        self.app.store.remember_tokens(whose, current, issued)
    }

    /// Puts on disk what must be there before the answer, and leaves the rest to a later group.
    async fn keep(&self, changes: &[Change], account: Option<&Account>) -> Result<(), ApplyError> {
        let store = &self.app.store;
        let client: &Client = self.client;
        let owner = account.map(|user| Owner { client, user });
        let committed = self.app.durability == TokenDurability::Committed;
        let all = committed || owner.is_none();
        let at_once = |change: &&Change| all || change.before_answer();
        let first: Vec<Change> = changes.iter().filter(at_once).copied().collect();
        if !first.is_empty() {
            Box::pin(store.apply_changes(&first, owner, self.now)).await?;
        }
        match owner {
            Some(owner) if !all => store.write_tokens_behind(changes, owner).await,
            _ => Ok(()),
        }
    }

    async fn deny<T>(&self, error: TokenError, changes: &[Change]) -> Result<T, Failure> {
        if !changes.is_empty() {
            let denied = self.app.store.apply_changes(changes, None, self.now);
            Box::pin(denied).await?;
        }
        Err(error.into())
    }
}

fn used_before(error: ApplyError) -> Failure {
    match error {
        ApplyError::Conflict => TokenError::InvalidGrant(AssertionFault::Replayed.into()).into(),
        error => error.into(),
    }
}

fn outrun() -> Failure {
    Failure::Unavailable(
        "other requests for the same tokens were faster, again and again".to_owned(),
    )
}

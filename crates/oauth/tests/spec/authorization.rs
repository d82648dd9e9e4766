//! A person in front of the authorization endpoint of an [`Instance`], and where it sends them.

use std::{collections::HashMap, sync::Arc};

use snowglobe_oauth::{
    Account, Client, Form, Policy, RedirectUri, Scope, UnixSeconds,
    authorize::{
        AuthorizationRequest, Consent, EarlierConsent, Granted, Grounds, Identity, PageError,
        Person, Redirect, Rules, Validated,
    },
    grants::authorization_code::{CodeState, StoredCode},
    login::Proof,
};

use crate::instance::Instance;

/// The issuer of every instance here.
pub(crate) const ISSUER: &str = "https://snow.example";
/// The redirection URI that [`Instance::web`] registers.
pub(crate) const CALLBACK: &str = "https://app.example/cb";
/// A verifier and its challenge: RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What most requests say.
pub(crate) const CODE: &str =
    "response_type=code&client_id=web&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=xyz";

/// Who is in front of the browser, what they did before, and what they press.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) name: Option<&'static str>,
    pub(crate) authenticated_at: UnixSeconds,
    pub(crate) asked: Option<UnixSeconds>,
    pub(crate) earlier: Option<EarlierConsent>,
    pub(crate) allows: bool,
}

/// Where a request ends.
#[derive(Debug)]
pub(crate) enum End {
    /// A page for the person only.
    Page(PageError),
    /// The login page; the person must prove it anew.
    Login { again: bool },
    /// The consent page was shown first if `asked`; then the browser goes here.
    Sent { to: Sent, asked: bool },
}

/// An answer as the browser carries it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sent {
    pub(crate) uri: String,
    pub(crate) separator: char,
    pub(crate) parameters: HashMap<String, String>,
}

impl Visitor {
    /// What they allowed before, in this session.
    pub(crate) fn allowed(scope: &str) -> Option<EarlierConsent> {
        let session = "session".into();
        let scope = Scope::parse(scope).ok()?;
        Some(EarlierConsent { scope, session })
    }

    /// Abel, who logged in a minute ago and allows everything.
    pub(crate) fn abel(instance: &Instance) -> Self {
        Self {
            name: Some("abel"),
            authenticated_at: UnixSeconds(instance.now.seconds().0 - 60),
            asked: None,
            earlier: None,
            allows: true,
        }
    }

    pub(crate) fn nobody(instance: &Instance) -> Self {
        Self {
            name: None,
            ..Self::abel(instance)
        }
    }
}

impl Sent {
    fn read(redirect: &Redirect) -> Self {
        if let Some(form) = redirect.form_post() {
            let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            return Self {
                uri: form.action.to_owned(),
                separator: 'f',
                parameters: form.fields.into_iter().map(owned).collect(),
            };
        }
        let location = redirect.location().unwrap();
        let separator = if location.contains('#') { '#' } else { '?' };
        let (uri, query) = location.rsplit_once(separator).unwrap();
        let pairs = Form::parse(query.as_bytes()).unwrap();
        let names = [
            "code",
            "state",
            "iss",
            "error",
            "error_description",
            "access_token",
            "token_type",
            "expires_in",
            "scope",
            "refresh_token",
        ];
        let read =
            |name: &'static str| Some((name.to_owned(), pairs.get(name).unwrap()?.to_owned()));
        Self {
            uri: uri.to_owned(),
            separator,
            parameters: names.into_iter().filter_map(read).collect(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(|value| &**value)
    }

    pub(crate) fn error(&self) -> &str {
        self.get("error")
            .unwrap_or_else(|| panic!("no error in {self:?}"))
    }

    pub(crate) fn code(&self) -> &str {
        self.get("code")
            .unwrap_or_else(|| panic!("no code in {self:?}"))
    }
}

impl End {
    pub(crate) fn page(self) -> PageError {
        match self {
            Self::Page(error) => error,
            other => panic!("no page: {other:?}"),
        }
    }

    pub(crate) fn sent(self) -> Sent {
        match self {
            Self::Sent { to, .. } => to,
            other => panic!("sent nowhere: {other:?}"),
        }
    }
}

impl Instance {
    /// Registers [`CALLBACK`] for `web`, and a loopback address for `phone`.
    pub(crate) fn web(mut self) -> Self {
        self.client("web").redirect_uris = vec![RedirectUri::parse(CALLBACK).unwrap()];
        self.client("other").redirect_uris = vec![RedirectUri::parse(CALLBACK).unwrap()];
        let loopback = RedirectUri::parse("http://127.0.0.1:8000/cb").unwrap();
        self.client("phone").redirect_uris = vec![loopback];
        self
    }

    pub(crate) fn validated(&self, query: &str) -> Result<AuthorizationRequest<Validated>, End> {
        let form = Form::parse(query.as_bytes()).map_err(|fault| End::Page(fault.into()))?;
        let received = AuthorizationRequest::parse(&form).map_err(End::Page)?;
        let client = received.client_id().and_then(|id| self.named(id));
        let rules = Rules {
            policy: &self.policy,
            properties: &self.properties,
            implicit_clients: &self.implicit_clients,
            issuer: ISSUER,
            is_resource: &|uri| uri.starts_with("https://api.example/"),
        };
        let request = received.bind(client, &rules).map_err(End::Page)?;
        request.validate(&rules).map_err(|redirect| End::Sent {
            to: Sent::read(&redirect),
            asked: false,
        })
    }

    /// Sends a request to the authorization endpoint, as Abel.
    pub(crate) fn authorize(&mut self, query: &str) -> End {
        let abel = Visitor::abel(self);
        self.authorize_as(query, &abel)
    }

    /// A code for Abel.
    pub(crate) fn code(&mut self, query: &str) -> String {
        self.authorize(query).sent().code().to_owned()
    }

    pub(crate) fn authorize_as(&mut self, query: &str, visitor: &Visitor) -> End {
        let request = match self.validated(query) {
            Ok(request) => request,
            Err(end) => return end,
        };
        let person = visitor.name.map(|name| Person {
            account: self.account_named(name),
            authenticated_at: visitor.authenticated_at,
            proof: Proof::PasswordAndCode,
            session: "session".into(),
        });
        let request = match request.identify(person, visitor.asked, self.now) {
            Identity::Known(request) => *request,
            Identity::Login { again } => return End::Login { again },
            Identity::Refused(redirect) => {
                let to = Sent::read(&redirect);
                return End::Sent { to, asked: false };
            }
        };
        let policy: Policy = self.policy.clone();
        let (request, asked) =
            match request.consent(visitor.earlier.as_ref(), policy.remembered_consent) {
                Consent::Given(request) => (*request, false),
                Consent::Ask(request) if visitor.allows => (request.allow(), true),
                Consent::Ask(request) => {
                    let to = Sent::read(&request.deny());
                    return End::Sent { to, asked: true };
                }
                Consent::Refused(redirect) => {
                    let to = Sent::read(&redirect);
                    return End::Sent { to, asked: false };
                }
            };
        let scope = self.numbered(request.scope().clone());
        let (now, keys) = (self.now, self.keys.clone());
        let Granted {
            redirect,
            code,
            token,
        } = request.grant(&Grounds {
            scope: &scope,
            policy: &policy,
            keys: &keys,
            ids: &self.ids,
            now,
        });
        self.apply(&token);
        if let Some(code) = code {
            let stored = StoredCode {
                redirect_uri: code.redirect_uri,
                challenge: code.challenge,
                nonce: code.nonce,
                authenticated_at: code.authenticated_at,
                proof: code.proof,
                session_stands: true,
                state: CodeState::Unused,
            };
            self.codes.insert(code.token.claims.id, stored);
        }
        let to = Sent::read(&redirect);
        End::Sent { to, asked }
    }

    /// Exchanges a code for `web`.
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        more: &str,
    ) -> Result<crate::instance::Answer, snowglobe_oauth::TokenError> {
        let client = crate::instance::WEB;
        self.post(&format!(
            "grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&{client}{more}"
        ))
    }

    fn named(&self, client_id: &str) -> Option<&Arc<Client>> {
        let mut clients = self.clients.iter();
        clients.find(|client| *client.client_id == *client_id)
    }

    fn account_named(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.iter();
        Arc::clone(
            accounts
                .find(|account| &*account.user_name == name)
                .unwrap(),
        )
    }
}

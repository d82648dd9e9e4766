//! Every credential that tokens are got with, how it stands, and what somebody has to do about it.

use std::collections::{HashMap, HashSet};

use snowglobe_oauth::{
    outbound::{CredentialKind, Held, Outlook, Profile, Registry, Trouble},
    reason,
    time::UnixMillis,
};
use snowglobe_store::{HeldGrant, Requestor};

use super::BrokerFault;
use crate::{app::App, clock, records::Session};

/// A credential, or what one user holds of a personal one.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) requestor: Requestor,
    /// What is held; nothing before the first token.
    pub(crate) seen: Option<HeldGrant>,
    pub(crate) profile: Option<Profile>,
    pub(crate) outlook: Outlook,
    /// What it is called.
    pub(crate) name: Box<str>,
    pub(crate) provider: Box<str>,
    /// Whose it is; nobody's where all share it.
    pub(crate) user: Option<Box<str>>,
    /// Each user has a token of their own.
    pub(crate) personal: bool,
}

impl Entry {
    /// Returns why it is not healthy.
    pub(crate) fn why(&self) -> String {
        let Some(trouble) = self.outlook.trouble() else {
            return String::new();
        };
        let what = reason::find(&trouble.code).map_or("", |it| it.what);
        if BY_PROVIDER.contains(&&*trouble.code) {
            format!("{what} The provider: {}", trouble.detail)
        } else {
            what.to_owned()
        }
    }

    /// Returns when the access token ends.
    pub(crate) fn access_ends(&self) -> Option<UnixMillis> {
        let held = self.seen.as_ref().map(|seen| &seen.held)?;
        held.access.map(|it| it.expires)
    }

    /// Returns when the refresh token ends, as far as anybody knows.
    pub(crate) fn refresh_ends(&self) -> Option<UnixMillis> {
        let held = self.seen.as_ref().map(|seen| &seen.held)?;
        held.refresh.and_then(|it| it.expires)
    }

    /// Returns when a person is needed again, as far as anybody knows.
    pub(crate) fn consent_ends(&self) -> Option<UnixMillis> {
        match &self.outlook {
            Outlook::Healthy { ends } => *ends,
            Outlook::Expiring { ends } => Some(*ends),
            _ => None,
        }
    }

    /// Returns what is to be done; `at` shows a moment.
    pub(crate) fn action(&self, at: impl Fn(UnixMillis) -> String) -> String {
        let again = if self.personal {
            "They consent"
        } else {
            "Consent"
        };
        match &self.outlook {
            Outlook::New { .. } if self.personal => {
                "Each user gets a token of their own at first use.".to_owned()
            }
            Outlook::New { needs_person: true } => "Get the first token.".to_owned(),
            Outlook::New { .. } => "None: a token is fetched when it is needed.".to_owned(),
            Outlook::Healthy { .. } => "None.".to_owned(),
            Outlook::Expiring { ends } => format!("{again} again before {}.", at(*ends)),
            Outlook::Retrying(trouble) => {
                format!(
                    "None: the provider is asked again at {}.",
                    at(trouble.retry_at)
                )
            }
            Outlook::NeedsConsent(_) => format!("{again} again."),
            Outlook::Broken(trouble) => {
                let mend =
                    reason::find(&trouble.code).map_or("Mend the configuration.", |it| it.here);
                mend.to_owned()
            }
        }
    }

    /// Tells whether somebody has to do something, sooner or later.
    pub(crate) fn wants_somebody(&self) -> bool {
        (self.wants_consent() && !self.is_for_each()) || matches!(self.outlook, Outlook::Broken(_))
    }

    /// A personal credential that nobody has used yet: each user begins by themselves.
    fn is_for_each(&self) -> bool {
        self.personal && self.requestor.user.is_none()
    }

    /// Tells whether a person's consent is what is missing.
    pub(crate) fn wants_consent(&self) -> bool {
        matches!(
            self.outlook,
            Outlook::New { needs_person: true }
                | Outlook::Expiring { .. }
                | Outlook::NeedsConsent(_)
        )
    }
}

/// Which of them somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    All,
    /// What they hold themselves of personal credentials.
    Own,
}

impl Sight {
    /// Returns what a person may see: whoever may read the records of held tokens, their own at least.
    pub(crate) fn of(session: &Session) -> Option<Self> {
        let context = session.context();
        let table = session.dictionary.table("oauth_requestor_profile")?;
        if !session.access(&context).may_read_table(table) {
            return None;
        }
        let caller = &session.user.caller;
        let all = caller.is_admin() || ROLES.iter().any(|role| caller.has_role(role));
        Some(if all { Self::All } else { Self::Own })
    }

    /// Tells whether an entry is among them.
    pub(crate) fn shows(self, entry: &Entry, me: &str) -> bool {
        self == Self::All || entry.requestor.user.as_deref() == Some(me)
    }
}

/// The roles that see, renew and end what others hold.
const ROLES: [&str; 2] = ["oauth_admin", "credential_admin"];

/// Returns how one of them stands.
pub(crate) async fn overview_of(
    app: &App,
    requestor: &Requestor,
    user: Option<&str>,
) -> Result<Entry, BrokerFault> {
    let outbound = app.store.outbound();
    let seen = app.store.held(requestor, clock::machine()).await?;
    let users = requestor
        .user
        .clone()
        .zip(user.map(Into::into))
        .into_iter()
        .collect();
    Ok(entry(
        outbound.registry(),
        requestor.clone(),
        seen,
        &users,
        app.now(),
    ))
}

/// Returns them all, those that want somebody first.
pub(crate) async fn overview(app: &App, now: UnixMillis) -> Result<Vec<Entry>, BrokerFault> {
    let outbound = app.store.outbound();
    let registry = outbound.registry();
    let mut users: HashMap<Box<str>, Box<str>> = HashMap::new();
    let mut entries = Vec::new();
    for (requestor, seen) in app.store.all_grants(clock::machine()).await? {
        if let Some(key) = &requestor.user
            && !users.contains_key(key)
        {
            let user = app.store.user_by_sys_id(key).await?;
            let name = user.map(|user| user.account.user_name.clone());
            users.insert(key.clone(), name.unwrap_or_default());
        }
        entries.push(entry(registry, requestor, Some(seen), &users, now));
    }
    let held: HashSet<Box<str>> = entries.iter().map(|it| it.requestor.id.clone()).collect();
    let unheld = registry.credentials.values().filter_map(|credential| {
        let CredentialKind::OAuth { profile, .. } = &credential.kind else {
            return None;
        };
        (credential.active && !held.contains(&credential.sys_id)).then(|| Requestor {
            context: "oauth_2_0_credentials".into(),
            id: credential.sys_id.clone(),
            profile: profile.clone(),
            user: None,
        })
    });
    entries.extend(unheld.map(|requestor| entry(registry, requestor, None, &users, now)));
    entries.sort_by_key(|it| {
        let ends = it.consent_ends().map_or(i64::MAX, |ends| ends.0);
        (urgency(&it.outlook), ends, it.name.clone(), it.user.clone())
    });
    Ok(entries)
}

fn entry(
    registry: &Registry,
    requestor: Requestor,
    seen: Option<HeldGrant>,
    users: &HashMap<Box<str>, Box<str>>,
    now: UnixMillis,
) -> Entry {
    let credential = registry.credentials.get(&requestor.id);
    let profile = registry.profiles.get(&requestor.profile);
    let provider = profile.and_then(|it| registry.provider_of(it));
    let grant = profile.and_then(Profile::grant);
    let nothing = Held::nothing();
    let held = seen.as_ref().map_or(&nothing, |seen| &seen.held);
    let usable = provider.is_some_and(|it| it.active);
    let outlook = match grant.filter(|_| usable) {
        Some(grant) => held.outlook(grant, now),
        None => Outlook::Broken(Trouble {
            code: "outbound_profile_inactive".into(),
            ..Trouble::consent_missing(now)
        }),
    };
    let message = registry.messages.get(&requestor.id);
    let own = registry.profiles.get(&requestor.id);
    let name = credential.map(|it| &it.name);
    let name = name.or(message.map(|it| &it.name));
    let name = name.or(own.map(|it| &it.name)).cloned();
    let name = name.unwrap_or_else(|| requestor.id.clone());
    let kind = credential.map(|it| &it.kind);
    Entry {
        personal: matches!(kind, Some(CredentialKind::OAuth { personal: true, .. })),
        user: requestor
            .user
            .as_ref()
            .and_then(|key| users.get(key).cloned()),
        provider: provider.map_or_else(Box::default, |it| it.name.clone()),
        profile: profile.cloned(),
        name,
        outlook,
        seen,
        requestor,
    }
}

/// The reasons whose detail is in the provider's own words.
const BY_PROVIDER: [&str; 5] = [
    "outbound_answer_lost",
    "outbound_client_refused",
    "outbound_consent_ended",
    "outbound_provider_failed",
    "outbound_request_refused",
];

/// Lower first.
fn urgency(outlook: &Outlook) -> u8 {
    match outlook {
        Outlook::Broken(_) => 0,
        Outlook::NeedsConsent(_) => 1,
        Outlook::Expiring { .. } => 2,
        Outlook::Retrying(_) => 3,
        Outlook::New { .. } => 4,
        Outlook::Healthy { .. } => 5,
    }
}

//! Handing a token to whoever calls the other side by themselves: to those whom a record names, and never unnoted.

use std::sync::Arc;

use snowglobe_oauth::outbound::{Alias, CredentialKind, Demand, Registry, Selector};
use snowglobe_store::{HandOut, Requestor, User, backend::ApplyError};

use super::{
    BrokerFault,
    token::{Token, token},
};
use crate::app::App;

/// Who asks for a token of which alias.
pub(crate) struct Asked {
    pub(crate) alias: String,
    /// The name of one of several connections.
    pub(crate) connection: Option<String>,
    pub(crate) user: Arc<User>,
    /// Whoever runs the instance asks in the user's name.
    pub(crate) by_operator: bool,
}

/// Why nobody gets a token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotGiven {
    /// There is no such alias. Only the operator is told so.
    #[error("there is no alias '{0}'")]
    Unknown(String),
    /// No record lets this user take the alias's tokens.
    #[error("no row of Token access lets {user} take the tokens of '{alias}'")]
    NotPermitted { alias: String, user: Box<str> },
    /// The alias leads to nothing that tokens are got with.
    #[error("{why}")]
    Alias { code: &'static str, why: String },
    /// The provider gives none, or a person has to consent first.
    #[error("{fault}")]
    Broker {
        fault: BrokerFault,
        requestor: Requestor,
    },
    /// It cannot be noted, so nothing is given.
    #[error(transparent)]
    Note(#[from] ApplyError),
}

impl NotGiven {
    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "alias_unknown",
            Self::NotPermitted { .. } => "broker_not_permitted",
            Self::Alias { code, .. } => code,
            Self::Broker { fault, .. } => fault.code(),
            Self::Note(_) => "unavailable",
        }
    }

    fn requestor(&self) -> &str {
        match self {
            Self::Broker { requestor, .. } => &requestor.id,
            _ => "",
        }
    }
}

/// Gives a token, or says why not; either is on disk before it is told.
pub(crate) async fn hand_out(app: &App, asked: &Asked) -> Result<Token, NotGiven> {
    let outbound = app.store.outbound();
    let registry = outbound.registry();
    let unknown = |_| NotGiven::Unknown(asked.alias.clone());
    let alias = registry.alias(&asked.alias).map_err(unknown)?;
    let given = give(app, registry, alias, asked).await;
    let (requestor, refused) = match &given {
        Ok((_, requestor)) => (&*requestor.id, ""),
        Err(not) => (not.requestor(), not.code()),
    };
    tracing::info!(
        user.name = &*asked.user.account.user_name,
        by_operator = asked.by_operator,
        alias = &*alias.id,
        refused,
        "an access token of another provider was asked for"
    );
    let noted = HandOut {
        alias: &alias.sys_id,
        to: &asked.user.account,
        by_operator: asked.by_operator,
        requestor,
        refused,
    };
    app.store.note_hand_out(noted, app.now()).await?;
    given.map(|(token, _)| token)
}

async fn give(
    app: &App,
    registry: &Registry,
    alias: &Alias,
    asked: &Asked,
) -> Result<(Token, Requestor), NotGiven> {
    let account = &asked.user.account;
    let has_role = |role: &str| asked.user.caller.has_role(role);
    let permitted = registry.may_take_token(&alias.sys_id, &account.sys_id, has_role);
    if !permitted || account.in_use().is_err() {
        return Err(NotGiven::NotPermitted {
            alias: alias.id.to_string(),
            user: account.user_name.clone(),
        });
    }
    let requestor = requestor(registry, alias, asked)?;
    match token(app, &requestor, Demand::Any).await {
        Ok(token) => Ok((token, requestor)),
        Err(fault) => Err(NotGiven::Broker { fault, requestor }),
    }
}

/// Whose tokens an alias stands for when somebody asks.
pub(super) fn requestor(
    registry: &Registry,
    alias: &Alias,
    asked: &Asked,
) -> Result<Requestor, NotGiven> {
    let named = asked.connection.as_deref();
    let selector = named.map_or(Selector::First, Selector::Named);
    let resolved = registry.resolve(&alias.sys_id, selector);
    let resolved = resolved.map_err(|fault| NotGiven::Alias {
        code: fault.code(),
        why: fault.to_string(),
    })?;
    match resolved.credential.map(|it| (it, &it.kind)) {
        Some((credential, CredentialKind::OAuth { profile, personal })) => Ok(Requestor {
            context: "oauth_2_0_credentials".into(),
            id: credential.sys_id.clone(),
            profile: profile.clone(),
            user: personal.then(|| asked.user.account.sys_id.clone()),
        }),
        _ => Err(NotGiven::Alias {
            code: "credential_without_token",
            why: "the alias's credential is none that tokens are got with".to_owned(),
        }),
    }
}

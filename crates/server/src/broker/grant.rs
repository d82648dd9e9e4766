//! The grant behind an alias, for whom its caller asks: how it stands, renewed before its time, and ended
//! (`outbound-oauth.md` §8.5: status, refresh, revoke, personal auth).

use snowglobe_oauth::outbound::Demand;
use snowglobe_store::Requestor;

use super::{
    Asked, BrokerFault, Entry, NotGiven, Sight, hand_out::requestor, overview_of, token::token,
};
use crate::{app::App, clock, records::Session};

/// The grant behind an alias.
#[derive(Debug)]
pub(crate) struct Grant {
    requestor: Requestor,
    /// Whose it is, where each user has their own.
    user: Option<Box<str>>,
}

impl Grant {
    /// Finds the grant of whoever asks.
    pub(crate) fn of(app: &App, asked: &Asked) -> Result<Self, NotGiven> {
        let outbound = app.store.outbound();
        let registry = outbound.registry();
        let alias = registry
            .alias(&asked.alias)
            .map_err(|_| NotGiven::Unknown(asked.alias.clone()))?;
        let requestor = requestor(registry, alias, asked)?;
        let account = &asked.user.account;
        let user = requestor.user.as_ref().map(|_| account.user_name.clone());
        Ok(Self { requestor, user })
    }

    /// Tells whether somebody may look after it: after their own, and after what all share whoever sees all of it.
    pub(crate) fn is_for(&self, session: &Session) -> bool {
        self.user.is_some() || Sight::of(session) == Some(Sight::All)
    }

    /// Tells how it stands.
    pub(crate) async fn stands(&self, app: &App) -> Result<Entry, BrokerFault> {
        overview_of(app, &self.requestor, self.user.as_deref()).await
    }

    /// Gets a new token, however long the present one lives.
    pub(crate) async fn renew(self, app: &App) -> Result<Self, NotGiven> {
        match token(app, &self.requestor, Demand::Fresh).await {
            Ok(_) => Ok(self),
            Err(fault) => Err(NotGiven::Broker {
                fault,
                requestor: self.requestor,
            }),
        }
    }

    /// Forgets its tokens; the provider is told.
    pub(crate) async fn end(&self, app: &App) -> Result<(), BrokerFault> {
        let Some(held) = app.store.held(&self.requestor, clock::machine()).await? else {
            return Ok(());
        };
        app.store.forget_grant(&held, app.now()).await?;
        tracing::info!(
            requestor = &*self.requestor.id,
            user.name = self.user.as_deref().unwrap_or_default(),
            "an outbound grant was ended"
        );
        Ok(())
    }
}

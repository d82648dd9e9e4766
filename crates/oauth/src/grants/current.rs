//! The same-token rule: which of the tokens that still live is handed out again.

use super::Context;
use crate::{
    account::Account,
    client::Client,
    issue::{Access, Issue, Refresh},
    policy::{Rotation, TokenReuse},
    token::{IssuedToken, TokenKind},
};

/// The newest tokens stored for one client, user and scope that are not revoked; all `None` where the policy
/// does not reuse tokens.
///
/// An application that gets tokens for itself does not get those that a person's grant left behind: revoking the
/// person's refresh token would take the application's access token with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CurrentTokens {
    /// The access token of a grant that gives no refresh token.
    pub alone: Option<IssuedToken>,
    /// The access token that belongs to a refresh token.
    pub access: Option<IssuedToken>,
    /// The refresh token; of a rotated family, with the generation and expiry that are stored for it.
    pub refresh: Option<IssuedToken>,
}

impl CurrentTokens {
    /// Lets an issue without refresh token take the living access token of its kind.
    pub(super) fn reuse_alone(&self, issue: &mut Issue, account: &Account, context: &Context<'_>) {
        let alone = self.alone.filter(|token| token.claims.family.is_none());
        if let Some(access) = living(alone, TokenKind::Access, issue, account, context) {
            issue.access = Access::Reuse(access);
        }
    }

    /// Gives an issue the living refresh token and the access token beside it, or a new family.
    pub(super) fn reuse_pair(
        &self,
        issue: &mut Issue,
        client: &Client,
        account: &Account,
        context: &Context<'_>,
    ) {
        issue.refresh = Refresh::New;
        // A rotating family has one holder; a further grant begins a family of its own.
        if client.rotation(context.policy.rotation) == Rotation::Always {
            return;
        }
        let refresh = living(self.refresh, TokenKind::Refresh, issue, account, context);
        let Some(refresh) = refresh else { return };
        issue.refresh = Refresh::Reuse(refresh);
        if let Some(access) = living(self.access, TokenKind::Access, issue, account, context) {
            issue.access = Access::Reuse(access);
        }
    }
}

/// Returns the token if the policy reuses tokens, and it is what the issue would make and lives.
fn living(
    token: Option<IssuedToken>,
    kind: TokenKind,
    issue: &Issue,
    account: &Account,
    context: &Context<'_>,
) -> Option<IssuedToken> {
    let wanted = (kind, issue.client, issue.user, issue.scope.no);
    token.filter(|IssuedToken { claims, .. }| {
        context.policy.token_reuse == TokenReuse::Current
            && (claims.kind, claims.client, claims.user, claims.scope) == wanted
            && claims.expires.is_after(context.now)
            && account.honours(claims.id).is_ok()
    })
}

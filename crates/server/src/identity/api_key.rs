//! API keys at the API: the header `x-sn-apikey` (`inbound-oauth.md` §5.5).
//!
//! The query parameter of that name, which a real instance can be told to take, is not: URLs are written down on the
//! way (security.md §2, 9).

use axum::http::{HeaderName, HeaderValue};
use snowglobe_oauth::api_key::ApiKeyFault;

use super::caller::{By, Caller, Unknown};
use crate::{app::App, refusal};

/// The request header that carries a key.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-sn-apikey");

/// Returns whom the key acts as.
pub(super) async fn caller(app: &App, presented: &HeaderValue) -> Result<Caller, Unknown> {
    let presented = presented.to_str().map_err(|_| ApiKeyFault::Unknown)?;
    let key = app.store.api_access().keys.find(presented.trim())?.clone();
    let user = match key.user {
        Some(no) => {
            refusal::acting_as(no);
            app.store.user_by_no(no).await?
        }
        None => None,
    };
    let account = user.as_ref().map(|user| &*user.account);
    key.check(account, app.now())?;
    let user = user.ok_or(ApiKeyFault::Unknown)?;
    Ok(Caller {
        user,
        by: By::ApiKey(key),
    })
}

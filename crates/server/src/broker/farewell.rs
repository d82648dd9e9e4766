//! Telling providers that tokens are not used any more (RFC 7009; `outbound-oauth.md` §3.5).

use std::time::Duration;

use snowglobe_oauth::{
    outbound::{Provider, TokenCall},
    time::UnixMillis,
};
use snowglobe_store::Farewell;

use super::{
    BrokerFault,
    alerts::{MOST_TRIES, rest_ms},
    proof::Proof,
};
use crate::{app::App, clock, outbound::FormPost};

/// Tells the providers of tokens that were forgotten or revoked here.
pub(crate) async fn say_farewells(app: &App) -> Result<(), BrokerFault> {
    let machine = clock::machine();
    for farewell in app.store.farewells(machine).await? {
        let until = UnixMillis(machine.0.saturating_add(rest_ms(farewell.tries)));
        if !app.store.take_farewell(&farewell, until).await? {
            continue;
        }
        let outbound = app.store.outbound();
        let provider = outbound.registry().providers.get(&farewell.provider);
        let told = match provider {
            Some(provider) => tell(app, provider, &farewell).await,
            None => Told::Never("its provider's record is gone".to_owned()),
        };
        let kind = &*farewell.kind;
        let name = provider.map_or("", |it| &it.name);
        match told {
            Told::Done => tracing::info!(provider = name, kind, "a provider ended a token"),
            Told::Later(why) if farewell.tries + 1 < MOST_TRIES => {
                tracing::warn!(
                    provider = name,
                    kind,
                    "a provider is told later to end a token: {why}"
                );
                continue;
            }
            Told::Later(why) | Told::Never(why) => {
                tracing::warn!(
                    provider = name,
                    kind,
                    "a provider did not end a token: {why}"
                );
            }
        }
        app.store.end_farewell(&farewell).await?;
    }
    Ok(())
}

enum Told {
    Done,
    Later(String),
    Never(String),
}

async fn tell(app: &App, provider: &Provider, farewell: &Farewell) -> Told {
    if provider.revoke_token_url.is_empty() {
        return Told::Never("it has no Token Revocation URL".to_owned());
    }
    let Some(token) = &farewell.token else {
        return Told::Never("the token cannot be opened".to_owned());
    };
    let proof = match Proof::of(app, provider, provider.public) {
        Ok(proof) => proof,
        Err(fault) => return Told::Never(fault.to_string()),
    };
    let call = TokenCall::revocation(provider, token, &farewell.kind, &proof.as_client());
    let post = FormPost {
        url: &call.url,
        form: &call.form,
        authorization: call.authorization.as_ref(),
        within: WITHIN,
    };
    match app.outbound.post_form(post).await {
        // RFC 7009 §2.2: also for a token that it does not know.
        Ok(reply) if (200..300).contains(&reply.status) => Told::Done,
        // RFC 7009 §2.2.1: it may be able to later.
        Ok(reply) if reply.status >= 500 || reply.status == 429 => {
            Told::Later(format!("it answers {}", reply.status))
        }
        Ok(reply) => Told::Never(format!("it answers {}", reply.status)),
        Err(fault) if fault.is_passing() => Told::Later(fault.to_string()),
        Err(fault) => Told::Never(fault.to_string()),
    }
}

const WITHIN: Duration = Duration::from_secs(10);

//! The Application Registry of the pack. Secrets are not part of a pack: the server makes them.

use super::{known, people, properties};
use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// An application that the pack registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Its name in the Application Registry.
    pub name: &'static str,
    /// What it calls itself.
    pub client_id: &'static str,
    /// It has no secret and must use PKCE.
    pub public: bool,
    redirect_url: &'static str,
    application_user: &'static str,
    comments: &'static str,
}

impl Client {
    /// Returns the key of its `oauth_entity` record.
    #[must_use]
    pub fn sys_id(&self) -> SysId {
        known::id("oauth_entity", self.name)
    }

    fn seeds(self) -> [Seed; 2] {
        let entity = Seed::new("oauth_entity", self.sys_id())
            .with("name", self.name)
            .with("client_id", self.client_id)
            .with("redirect_url", self.redirect_url)
            .with("comments", self.comments)
            .with("inbound_grant_type", "multiple")
            .with_flag("public_client", self.public)
            .with_flag("use_pkce", self.public);
        let entity = match self.application_user {
            "" => entity,
            user_name => entity.with_reference("user", people::id(user_name)),
        };
        let mapping = derived_id("oauth_entity_auth_scope_mapping", self.name);
        let mapping = Seed::new("oauth_entity_auth_scope_mapping", mapping)
            .with_reference("oauth_entity", self.sys_id())
            .with_reference("auth_scope", properties::useraccount());
        [entity, mapping]
    }
}

/// The paths that most command lines and desktop programs listen on; RFC 8252 §7.3 leaves the port of 127.0.0.1 to them.
const LOOPBACK: &str = "http://127.0.0.1:8765/callback,http://localhost:8765/callback,\
                        http://127.0.0.1:8765/oauth/callback,http://localhost:8765/oauth/callback";

/// A confidential client for every grant; client credentials act as `admin`.
pub const DEMO_CLIENT: Client = Client {
    name: "Demo client",
    client_id: "5d0c7b1e94a24f3f8e6b2a7d13c95e08",
    public: false,
    redirect_url: LOOPBACK,
    application_user: "admin",
    comments: "For trying things out: every grant, and client credentials act as admin.",
};

/// A confidential client for a program that works on incidents and on nothing else.
pub const DEMO_SERVICE: Client = Client {
    name: "Demo service",
    client_id: "a83f61d2c07e4b59b4d81f3e6a20c7f5",
    public: false,
    redirect_url: "",
    application_user: "integration.user",
    comments: "Client credentials with the least privilege: acts as integration.user.",
};

/// A public client: PKCE in place of a secret.
pub const DEMO_PUBLIC_CLIENT: Client = Client {
    name: "Demo public client",
    client_id: "1f9e4c6ab5d34720a9c83be07d52f614",
    public: true,
    redirect_url: LOOPBACK,
    application_user: "",
    comments: "For browsers and command lines: no secret, PKCE instead.",
};

/// The client that every instance ships for the SDK of that name (`inbound-oauth.md` §3.2).
pub const SERVICENOW_SDK: Client = Client {
    name: "ServiceNow SDK",
    client_id: "543e5655f77746a28228c6009a599dfb",
    public: true,
    redirect_url: "/sdk-oauth.do",
    application_user: "",
    comments: "",
};

const DEMO: [Client; 3] = [DEMO_CLIENT, DEMO_SERVICE, DEMO_PUBLIC_CLIENT];

/// Returns what every instance registers.
pub(super) fn first_seeds() -> impl Iterator<Item = Seed> {
    SERVICENOW_SDK.seeds().into_iter()
}

/// The name of the API key to try things out with; it acts as `admin`.
pub const DEMO_API_KEY: &str = "Demo API key";

/// The client to try JWT bearer with (`inbound-oauth.md` §6.1): an assertion signed with its shared key is enough.
pub const DEMO_JWT_CLIENT: &str = "Demo JWT client";
/// What that client calls itself.
pub const DEMO_JWT_CLIENT_ID: &str = "7be2a90c1d5f4e6880f3c46b9a17d25e";
/// The name of its key in the header of a JWT.
pub const DEMO_JWT_KID: &str = "demo";

fn jwt_seeds() -> [Seed; 2] {
    let client = known::id("oauth_entity", DEMO_JWT_CLIENT);
    let entity = Seed::new("oauth_jwt", client)
        .with("name", DEMO_JWT_CLIENT)
        .with("client_id", DEMO_JWT_CLIENT_ID)
        .with("inbound_grant_type", "jwt")
        .with("user_field", "user_name")
        .with_flag("public_client", true)
        .with(
            "comments",
            "For trying JWT bearer out: assertions are signed with the shared key of the verifier map.",
        );
    let map = derived_id("jwt_verifier_map", DEMO_JWT_CLIENT);
    let map = Seed::new("jwt_verifier_map", map)
        .with("name", DEMO_JWT_CLIENT)
        .with_reference("oauth_jwt", client)
        .with("kid", DEMO_JWT_KID);
    [entity, map]
}

/// Returns the clients, and the API key, to try things out with.
pub(super) fn demo_seeds() -> impl Iterator<Item = Seed> {
    let key = Seed::new("api_key", derived_id("api_key", DEMO_API_KEY))
        .with("name", DEMO_API_KEY)
        .with("description", "For trying things out: acts as admin.")
        .with_reference("user", people::id("admin"));
    let clients = DEMO.into_iter().flat_map(Client::seeds);
    clients.chain(jwt_seeds()).chain([key])
}

//! The authorization endpoint: `/oauth_auth.do` and `/oauth2/authorize`, from the first redirect to the API.

mod application;
mod artefacts;
mod code_page;
mod consent;
pub(crate) mod cost;
mod faults;
mod flow;
mod implicit;
mod logout;
mod openid;
mod race;
mod request;

//! `snowglobe admin`: what must be possible before anyone can sign in.
//!
//! It works on the database itself. An embedded database belongs to one process, so a running instance must be
//! stopped first; on PostgreSQL the running instances hear of the change at once.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use snowglobe_server::{admin, dev};

/// Arguments of `admin`.
#[derive(Debug, Args)]
pub(crate) struct Admin {
    /// The configuration file of a production instance
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    config: Option<PathBuf>,
    /// The folder of a development instance
    #[arg(long, value_name = "DIR", default_value = ".snowglobe")]
    data: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a user; prints the generated password
    CreateUser {
        /// The user name
        user_name: String,
        /// A role to give; may be repeated
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Make a confidential OAuth client; prints its id and secret
    CreateClient {
        /// The client's name
        name: String,
        /// A redirect URL; may be repeated
        #[arg(long = "redirect-url", value_name = "URL")]
        redirect_urls: Vec<String>,
        /// The user that client credentials act as
        #[arg(long, value_name = "USER")]
        user: Option<String>,
    },
    /// Make a role
    CreateRole {
        /// The role's name
        name: String,
    },
    /// Switch the Global Blocking Policy off: its criteria turned away whoever could change them
    LiftBlockingPolicy,
    /// Sign new tokens with a new key; tokens of the old keys stay valid until they expire
    RotateKeys,
    /// Sign JWTs with a new key; it is published now and signs ten minutes later, and the old one verifies until its
    /// last token is dead
    RotateSigningKey {
        /// What it signs with: RS256 or ES256
        #[arg(long, default_value = "RS256", value_name = "ALG")]
        alg: String,
    },
    /// Remove a key that JWTs are signed with, at once and with all it signed: it fell into wrong hands
    RemoveSigningKey {
        /// Its name, as /oauth2/jwks shows it
        kid: String,
    },
}

impl Admin {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        crate::logging::start(&snowglobe_server::config::Log::default(), "warn")?;
        let action = match self.action {
            Action::CreateUser { user_name, roles } => {
                admin::Action::CreateUser { user_name, roles }
            }
            Action::CreateClient {
                name,
                redirect_urls,
                user,
            } => admin::Action::CreateClient {
                name,
                redirect_urls,
                user,
            },
            Action::CreateRole { name } => admin::Action::CreateRole { name },
            Action::LiftBlockingPolicy => admin::Action::LiftBlockingPolicy,
            Action::RotateKeys => admin::Action::RotateKeys,
            Action::RotateSigningKey { alg } => admin::Action::RotateSigningKey { alg },
            Action::RemoveSigningKey { kid } => admin::Action::RemoveSigningKey { kid },
        };
        let config = self.config.as_deref().map(super::serve::read).transpose()?;
        super::block_on(async {
            let done = match config {
                Some(config) => admin::run_in_production(&config, action).await?,
                None => admin::run_in_development(&dev::Storage::Folder(self.data), action).await?,
            };
            for (name, value) in done {
                println!("{name}: {value}");
            }
            Ok(())
        })
    }
}

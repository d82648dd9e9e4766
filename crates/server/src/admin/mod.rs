//! `snowglobe admin`: users, roles, clients and keys, made in the database itself.

mod signing_keys;

use snowglobe_store::{
    Store,
    backend::{ApplyError, StoreError},
};

use crate::{
    app::Mode,
    clock::{self, Clock},
    config::Config,
    dev::{Home, Pack, Storage, generate, hash},
    entropy,
    instance::{StartError, open_store, production_store},
};

/// What to do.
#[derive(Debug, Clone)]
pub enum Action {
    /// Makes a user with these roles.
    CreateUser {
        /// The user name.
        user_name: String,
        /// The roles, by name.
        roles: Vec<String>,
    },
    /// Makes a confidential client.
    CreateClient {
        /// The name.
        name: String,
        /// The redirect URLs.
        redirect_urls: Vec<String>,
        /// The user that client credentials act as.
        user: Option<String>,
    },
    /// Makes a role.
    CreateRole {
        /// The name.
        name: String,
    },
    /// Switches the Global Blocking Policy off.
    LiftBlockingPolicy,
    /// Makes a new token key.
    RotateKeys,
    /// Makes a new key that JWTs are signed with.
    RotateSigningKey {
        /// What it signs with.
        alg: String,
    },
    /// Removes a key that JWTs are signed with, and every token it signed.
    RemoveSigningKey {
        /// Its name in the key set.
        kid: String,
    },
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The instance's database cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database refused.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// There is no such role.
    #[error("there is no role '{0}'; make it with: snowglobe admin create-role {0}")]
    NoSuchRole(String),
    /// There is no such user.
    #[error("there is no user '{0}'; make it with: snowglobe admin create-user {0}")]
    NoSuchUser(String),
    /// There is no such signing key.
    #[error("there is no signing key '{0}'; /oauth2/jwks lists those there are")]
    NoSuchKey(String),
    /// Nothing is signed with this algorithm.
    #[error("nothing is signed with '{0}'; choose RS256 or ES256")]
    NoSuchAlgorithm(String),
    /// The name is taken.
    #[error("there is a {what} '{name}' already")]
    Exists {
        /// Of what kind.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::Apply(error.into())
    }
}

/// What was made, as names and values to print.
pub type Done = Vec<(&'static str, String)>;

/// Does it in a production instance's database.
///
/// # Errors
/// [`AdminError`], saying what to do.
pub async fn run_in_production(config: &Config, action: Action) -> Result<Done, AdminError> {
    run(production_store(config).await?, action).await
}

/// Does it in a development instance's folder; the instance must not be running.
///
/// # Errors
/// [`AdminError`], saying what to do.
pub async fn run_in_development(storage: &Storage, action: Action) -> Result<Done, AdminError> {
    let home = Home::open(storage)?;
    let seeds = || Pack::Demo.seeds(clock::timestamp(clock::machine()));
    run(
        open_store(home.place(), Mode::Development, &seeds).await?,
        action,
    )
    .await
}

async fn run(store: Store, action: Action) -> Result<Done, AdminError> {
    let done = match action {
        Action::CreateUser { user_name, roles } => create_user(&store, &user_name, &roles).await?,
        Action::CreateClient {
            name,
            redirect_urls,
            user,
        } => create_client(&store, &name, &redirect_urls, user.as_deref()).await?,
        Action::CreateRole { name } => {
            create(
                &store,
                "role",
                "sys_user_role",
                &[("name", &name), ("suffix", &name)],
                None,
            )
            .await?;
            vec![("role", name)]
        }
        Action::LiftBlockingPolicy => {
            let now = clock::timestamp(clock::machine());
            let was_there = store.lift_blocking_policy(now).await?;
            let told = if was_there { "off" } else { "there is none" };
            vec![("Global Blocking Policy", told.to_owned())]
        }
        Action::RotateKeys => {
            let random = || StartError::system("the system gives no randomness");
            let key = entropy::random().map_err(random())?;
            let nonce = entropy::random().map_err(random())?;
            let id = store
                .rotate_keys(key, nonce, Clock::new(store.clone()).millis().0)
                .await?;
            vec![("key", id.to_string())]
        }
        Action::RotateSigningKey { alg } => signing_keys::rotate(&store, &alg).await?,
        Action::RemoveSigningKey { kid } => signing_keys::remove(&store, &kid).await?,
    };
    store.close().await?;
    Ok(done)
}

async fn create_user(store: &Store, user_name: &str, roles: &[String]) -> Result<Done, AdminError> {
    let mut role_ids = Vec::with_capacity(roles.len());
    for role in roles {
        let id = store.find_id("sys_user_role", "name", role).await?;
        role_ids.push(id.ok_or_else(|| AdminError::NoSuchRole(role.clone()))?);
    }
    let password = generate()?;
    let values = [
        ("user_name", user_name),
        ("first_name", user_name),
        ("active", "true"),
    ];
    let user = create(
        store,
        "user",
        "sys_user",
        &values,
        Some(("user_password", hash(&password))),
    )
    .await?;
    for role in role_ids {
        let values = [
            ("user", user.as_str()),
            ("role", &*role),
            ("state", "active"),
        ];
        create(store, "membership", "sys_user_has_role", &values, None).await?;
    }
    Ok(vec![("user", user_name.to_owned()), ("password", password)])
}

async fn create_client(
    store: &Store,
    name: &str,
    redirect_urls: &[String],
    user: Option<&str>,
) -> Result<Done, AdminError> {
    let user_id = match user {
        None => String::new(),
        Some(user) => {
            let id = store.find_id("sys_user", "user_name", user).await?;
            id.ok_or_else(|| AdminError::NoSuchUser(user.to_owned()))?
                .into()
        }
    };
    let now = Clock::new(store.clone()).millis();
    let client_id = store.ids().record(now).to_string();
    let (secret, redirects) = (generate()?, redirect_urls.join(", "));
    let values = [
        ("name", name),
        ("client_id", &client_id),
        ("redirect_url", &redirects),
        ("user", &user_id),
        ("type", "client"),
    ];
    create(
        store,
        "client",
        "oauth_entity",
        &values,
        Some(("client_secret", hash(&secret))),
    )
    .await?;
    Ok(vec![("client_id", client_id), ("client_secret", secret)])
}

/// Makes a record as the system; a duplicate is reported by the name a person gave.
async fn create(
    store: &Store,
    what: &'static str,
    table: &str,
    values: &[(&str, &str)],
    secret: Option<(&str, Box<str>)>,
) -> Result<String, AdminError> {
    let name = values.first().map_or("", |(_, name)| name);
    match store
        .create_as_system(table, values, secret, Clock::new(store.clone()).now())
        .await
    {
        Ok(id) => Ok(id.to_string()),
        Err(ApplyError::Duplicate { .. }) => Err(AdminError::Exists {
            what,
            name: name.to_owned(),
        }),
        Err(error) => Err(error.into()),
    }
}

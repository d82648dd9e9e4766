//! `cargo xtask conform`: our conformance suite against any issuer.
//!
//! Without `--issuer` it builds and starts an instance of ours. A Snowglobe instance elsewhere needs its administrator,
//! who registers what the suite needs; any other issuer is told of by the flags of clients and person.

use anyhow::{Context, Result, bail};
use clap::Args;
use reqwest::Url;
use snowglobe_conform::{CHECKS, Check, Client, Direct, Suite, Target, register};
use snowglobe_testkit::{Instance, Launch};

use crate::pieces;
use crate::run::{cargo, step};

/// Whom to look at, and as whom.
#[derive(Args)]
pub(crate) struct Options {
    /// The issuer's URL; without it, an instance of ours is started
    #[arg(long)]
    issuer: Option<Url>,
    /// An administrator of a Snowglobe instance, as NAME:PASSWORD: registers the rest
    #[arg(long, requires = "issuer")]
    administrator: Option<String>,
    /// A confidential client, as ID:SECRET
    #[arg(long, requires = "issuer")]
    client: Option<String>,
    /// Another confidential client with the same redirect URI, as ID:SECRET
    #[arg(long, requires = "issuer")]
    other_client: Option<String>,
    /// A public client with the same redirect URI
    #[arg(long, requires = "issuer")]
    public_client: Option<String>,
    /// A client that proves itself with the key of conform/src/key/certificate.pem
    #[arg(long, default_value = "")]
    jwt_client: String,
    /// A resource server that tokens can be asked for
    #[arg(long, default_value = "")]
    resource: String,
    /// Registered for all of them; nothing needs to listen there
    #[arg(long, default_value = "https://client.example/cb")]
    redirect_uri: String,
    /// Registered for logging out
    #[arg(long, default_value = "https://client.example/bye")]
    post_logout_redirect_uri: String,
    /// Who logs in, as NAME:PASSWORD
    #[arg(long, requires = "issuer")]
    person: Option<String>,
    /// Only checks whose name contains this
    #[arg(long, default_value = "")]
    only: String,
}

/// Runs every check and prints a line for each; fails when one does.
pub(crate) fn all(options: &Options) -> Result<()> {
    let started = options.issuer.is_none().then(start).transpose()?;
    let target = match &started {
        Some(instance) => {
            let admin = instance.user("admin");
            register(instance.url(), (&admin.name, &admin.password))?
        }
        None => target(options)?,
    };
    let direct = Direct::new()?;
    let suite = Suite::new(&direct, &target);
    let checks = CHECKS.iter().copied().flatten();
    let checks = checks.filter(|check| check.name.contains(&options.only));
    let (passed, failed): (Vec<bool>, Vec<bool>) = checks
        .map(|check| tell(check, &suite))
        .partition(|passed| *passed);
    eprintln!("{} passed, {} failed", passed.len(), failed.len());
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("{} does not conform", target.issuer)
    }
}

/// Runs a check and says how it went.
fn tell(check: &Check, suite: &Suite<'_>) -> bool {
    let outcome = check.run(suite);
    let word = if outcome.is_ok() { "pass" } else { "FAIL" };
    let module = if check.module.is_empty() { "" } else { " · " };
    eprintln!(
        "{word}  {} ({}{module}{})",
        check.name, check.source, check.module
    );
    if let Err(error) = &outcome {
        eprintln!("      {error:#}");
    }
    outcome.is_ok()
}

fn start() -> Result<Instance> {
    step(
        "snowglobe",
        &mut cargo(&["build", "--locked", "--package=snowglobe"]),
    )?;
    Launch::new(pieces::target_folder()?.join("debug/snowglobe")).try_start()
}

fn target(options: &Options) -> Result<Target> {
    let issuer = options.issuer.clone().context("--issuer")?;
    if let Some(administrator) = &options.administrator {
        let administrator = pair(administrator, "--administrator")?;
        return register(issuer.as_str().trim_end_matches('/'), administrator);
    }
    let (user, password) = pair(given(options.person.as_ref(), "--person")?, "--person")?;
    Ok(Target {
        issuer,
        client: client(options.client.as_ref(), "--client")?,
        other: client(options.other_client.as_ref(), "--other-client")?,
        public: given(options.public_client.as_ref(), "--public-client")?.to_owned(),
        jwt_client: options.jwt_client.clone(),
        resource: options.resource.clone(),
        redirect_uri: options.redirect_uri.clone(),
        post_logout_redirect_uri: options.post_logout_redirect_uri.clone(),
        user: user.to_owned(),
        password: password.to_owned(),
    })
}

fn client(text: Option<&String>, flag: &str) -> Result<Client> {
    let (id, secret) = pair(given(text, flag)?, flag)?;
    Ok(Client {
        id: id.to_owned(),
        secret: secret.to_owned(),
    })
}

fn given<'a>(text: Option<&'a String>, flag: &str) -> Result<&'a str> {
    let text = text.map(String::as_str);
    text.with_context(|| {
        format!("{flag} is missing; or name an --administrator of a Snowglobe instance")
    })
}

fn pair<'a>(text: &'a str, flag: &str) -> Result<(&'a str, &'a str)> {
    text.split_once(':')
        .with_context(|| format!("{flag} has a colon between its two parts"))
}

//! `snowglobe simulate provider`: a provider and an API to try outbound OAuth with.

use std::io::IsTerminal as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::{Args, Subcommand, ValueEnum};
use snowglobe_server::simulate::{self, Options, Temper};

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Start an OAuth provider that takes every client, with an API behind it
    Provider(Provider),
}

#[derive(Debug, Args)]
#[command(after_help = "\
It takes any client id and secret and consents at once: it guards nothing. Stop it with Ctrl-C.
  /authorize /token /revoke   the provider
  /api/...                    echoes calls that carry a living token
  /_ledger                    what it gave, and what was done with it")]
struct Provider {
    /// How it behaves
    #[arg(long, value_enum, default_value_t = TemperName::Strict)]
    temper: TemperName,
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// How many seconds its access tokens live
    #[arg(long, default_value_t = 300)]
    lifetime: u32,
    /// How many milliseconds a replaced refresh token still gives its successor
    #[arg(long, default_value_t = 0)]
    grace_ms: u64,
    /// What its tokens begin with, so that they are found wherever they turn up
    #[arg(long, value_name = "TEXT", default_value = "")]
    token_prefix: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TemperName {
    /// Refresh tokens stay
    Strict,
    /// Each refresh gives another refresh token; one used twice ends them all
    Rotating,
    /// Rotating, and every third answer is an error, cut off or late
    Flaky,
}

/// What a person who sees this needs next.
fn hints(url: &str) -> String {
    format!(
        "\nAn OAuth provider that takes any client and consents at once, and its API. Ctrl-C stops it.\n  \
         Authorization URL      {url}/authorize\n  Token URL              {url}/token\n  \
         Token Revocation URL   {url}/revoke\n  Connection URL         {url}/api\n  \
         What it gave so far    {url}/_ledger\n"
    )
}

impl Simulate {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let What::Provider(provider) = self.what;
        super::block_on(async {
            let options = Options {
                listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), provider.port),
                temper: match provider.temper {
                    TemperName::Strict => Temper::Strict,
                    TemperName::Rotating => Temper::Rotating,
                    TemperName::Flaky => Temper::Flaky,
                },
                lifetime: provider.lifetime,
                grace_ms: provider.grace_ms,
                token_prefix: provider.token_prefix,
            };
            let simulated = simulate::start(options).await?;
            println!("{}", simulated.url());
            if std::io::stderr().is_terminal() {
                eprint!("{}", hints(&simulated.url()));
            }
            super::stop_signal().await;
            Ok(())
        })
    }
}

//! `snowglobe serve`: a production instance.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use snowglobe_server::{Instance, config::Config};

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
A configuration file, complete:
  issuer = \"https://snow.example.com\"
  data = \"/var/lib/snowglobe\"                   # or: database = \"postgres://…\"
  master_key_file = \"/etc/snowglobe/master.key\" # openssl rand -hex 32
  listen = \"127.0.0.1:8080\"                     # behind a proxy that ends TLS")]
pub(crate) struct Serve {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        crate::no_core::leave_no_core()?;
        let config = read(&self.config)?;
        crate::logging::start(&config.log, "info")?;
        super::block_on(async {
            let instance = Instance::produce(config).await?;
            eprintln!(
                "snowglobe: serving {} on {}",
                instance.url(),
                instance.address()
            );
            instance.run(super::stop_signal()).await?;
            Ok(())
        })
    }
}

/// Reads and checks a configuration file.
pub(super) fn read(path: &std::path::Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the configuration {} cannot be read", path.display()))?;
    Config::production(&text).with_context(|| format!("the configuration {}", path.display()))
}

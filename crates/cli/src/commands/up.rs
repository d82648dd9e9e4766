//! `snowglobe up`: a development instance that needs no configuration.

use std::{
    io::{IsTerminal as _, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use snowglobe_server::{
    Instance,
    config::{Log, OAuth, TokenDurability, TokenReuse},
    dev::{Development, Pack, Storage},
    https::Https,
};

/// Arguments of `up`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe up
  snowglobe up --tls                             Serve https://localhost:8443 as well
  snowglobe up --ephemeral --port 0 --ready-json --exit-with-stdin
  snowglobe up --database postgres://localhost/snowglobe --pack minimal")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Up {
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Serve HTTPS as well, with an authority of its own that is made on first use
    #[arg(long)]
    tls: bool,
    /// The port of HTTPS on 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "PORT", default_value_t = 8443, requires = "tls")]
    tls_port: u16,
    /// The folder that keeps the instance
    #[arg(long, value_name = "DIR", default_value = ".snowglobe")]
    data: PathBuf,
    /// Keep the records in PostgreSQL instead of the folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Keep nothing: everything is gone when the instance stops
    #[arg(long, conflicts_with_all = ["data", "database"])]
    ephemeral: bool,
    /// The records a new instance starts with
    #[arg(long, value_enum, default_value_t = PackName::Demo)]
    pack: PackName,
    /// Print one line of JSON when ready, for programs
    #[arg(long)]
    ready_json: bool,
    /// Stop when standard input is closed
    #[arg(long)]
    exit_with_stdin: bool,
    /// What a repeated grant for the same client and user gives: the current token, or a fresh one
    #[arg(long, value_enum, default_value_t = Reuse::Current)]
    token_reuse: Reuse,
    /// Answer a token request at once, or when the token's row is on disk
    #[arg(long, value_enum, default_value_t = Durability::SelfProving)]
    token_durability: Durability,
    /// What is logged to standard error, such as 'info' or 'debug'
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PackName {
    /// What an instance cannot do without
    Minimal,
    /// The users and records that public client test suites expect
    Compat,
    /// People, companies, some 200 incidents, problems, changes, configuration items
    Demo,
    /// The demo and 100,000 incidents
    Load,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reuse {
    Current,
    Fresh,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Durability {
    SelfProving,
    Committed,
}

impl Up {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        crate::no_core::leave_no_core()?;
        crate::logging::start(
            &Log {
                level: self.log.clone(),
                ..Log::default()
            },
            "warn",
        )?;
        super::block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let instance = Instance::develop(self.development()).await?;
        if self.ready_json {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{}", instance.ready_json())?;
            out.flush()?;
        } else {
            eprint!("{}", welcome(&instance));
        }
        let until_closed = self.exit_with_stdin;
        let stop = async move {
            tokio::select! {
                () = super::stop_signal() => {}
                () = stdin_closed(), if until_closed => {}
            }
        };
        instance.run(stop).await?;
        Ok(())
    }

    fn https(&self) -> Https {
        if self.tls {
            Https::At(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), self.tls_port))
        } else if self.ephemeral {
            Https::Off
        } else {
            Https::Unannounced
        }
    }

    fn development(&self) -> Development {
        Development {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port),
            storage: match (&self.database, self.ephemeral) {
                (_, true) => Storage::Ephemeral,
                (None, false) => Storage::Folder(self.data.clone()),
                (Some(url), false) => Storage::Database {
                    url: url.clone(),
                    folder: self.data.clone(),
                },
            },
            https: self.https(),
            pack: match self.pack {
                PackName::Minimal => Pack::Minimal,
                PackName::Compat => Pack::Compat,
                PackName::Demo => Pack::Demo,
                PackName::Load => Pack::Load,
            },
            oauth: OAuth {
                token_reuse: match self.token_reuse {
                    Reuse::Current => TokenReuse::Current,
                    Reuse::Fresh => TokenReuse::Fresh,
                },
                token_durability: match self.token_durability {
                    Durability::SelfProving => TokenDurability::SelfProving,
                    Durability::Committed => TokenDurability::Committed,
                },
            },
        }
    }
}

/// What a person needs to begin: where, who, and three commands to try.
fn welcome(instance: &Instance) -> String {
    use std::fmt::Write as _;
    let (bold, plain) = if std::io::stderr().is_terminal() {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("", "")
    };
    let url = instance.url();
    let mut text = format!(
        "\n{bold}Snowglobe is ready: {url}{plain}\n\
         ServiceNow-compatible, independent, not affiliated. Development mode: on this machine only.\n\n"
    );
    if let Some((url, ca_file)) = instance.https() {
        let _ = writeln!(
            text,
            "{bold}HTTPS: {url}{plain} (also https://127.0.0.1, and any NAME.service-now.com that leads there)\n\
             \x20 Its authority is trusted by nobody until you say so: {}\n{}",
            ca_file.display(),
            super::trust::told(ca_file)
        );
    }
    let _ = writeln!(text, "{bold}Users{plain}");
    for user in instance.users() {
        let roles = if user.roles.is_empty() {
            "no role".to_owned()
        } else {
            user.roles.join(", ")
        };
        let _ = writeln!(text, "  {:<20} {:<28} {roles}", user.name, user.password);
    }
    let _ = writeln!(text, "\n{bold}OAuth clients{plain}");
    for client in instance.clients() {
        let _ = writeln!(text, "  {}", client.name);
        let _ = writeln!(text, "    client_id      {}", client.client_id);
        if let Some(secret) = &client.client_secret {
            let _ = writeln!(text, "    client_secret  {secret}");
        }
    }
    for client in instance.jwt_clients() {
        let _ = writeln!(
            text,
            "\n{bold}JWT bearer{plain} (docs/guides/jwt-bearer.md)"
        );
        let _ = writeln!(text, "  {}", client.name);
        let _ = writeln!(
            text,
            "    client_id      {} (iss and aud)",
            client.client_id
        );
        let _ = writeln!(text, "    kid            {}", client.kid);
        let _ = writeln!(text, "    shared key     {} (HS256)", client.shared_key);
    }
    for key in instance.api_keys() {
        let _ = writeln!(text, "\n{bold}API key{plain} (header x-sn-apikey)");
        let _ = writeln!(text, "  {:<20} {}", key.name, key.key);
    }
    if let (Some(user), Some(client)) = (
        instance.users().first(),
        instance
            .clients()
            .iter()
            .find(|client| client.client_secret.is_some()),
    ) {
        let (id, secret) = (
            &client.client_id,
            client.client_secret.as_deref().unwrap_or_default(),
        );
        let _ = write!(
            text,
            "\n{bold}Try{plain}\n\
             \x20 curl -u {name}:{password} '{url}/api/now/table/incident?sysparm_limit=2'\n\
             \x20 curl -d grant_type=client_credentials -d client_id={id} -d client_secret={secret} {url}/oauth_token.do\n\
             \x20 curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n\
             \x20      -d '{{\"short_description\":\"Hello\"}}' {url}/api/now/table/incident\n\n",
            name = user.name,
            password = user.password,
        );
    }
    text
}

/// Ends when standard input is closed, which is what happens when the parent process dies.
async fn stdin_closed() {
    let (closed, wait) = tokio::sync::oneshot::channel();
    // A thread of its own: a pending read of stdin would keep the runtime from ending.
    std::thread::spawn(move || {
        let mut buffer = [0; 256];
        let mut stdin = std::io::stdin();
        while matches!(stdin.read(&mut buffer), Ok(n) if n > 0) {}
        let _ = closed.send(());
    });
    let _ = wait.await;
}

//! `snowglobe oauth`: the grants of an instance at other providers, and what is to be done about them.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::{
    call::text,
    operator::{self, Operator},
};

/// Arguments of `oauth`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  snowglobe oauth doctor              Every credential; fails if one wants somebody
  snowglobe oauth status orders       The grant behind an alias
  snowglobe oauth refresh orders      A new token for it, before its time
  snowglobe oauth connect orders      Where a person consents
  snowglobe oauth revoke orders       End it, here and at the provider")]
pub(crate) struct OAuth {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tell how every credential stands that gets tokens of another provider
    Doctor(Doctor),
    /// Tell how the grant behind an alias stands
    Status(Grant),
    /// Get a new token for an alias, however long the present one lives
    Refresh(Grant),
    /// Print the address where a person consents
    Connect(Grant),
    /// Forget the tokens of an alias; their provider is told
    Revoke(Grant),
}

#[derive(Debug, Args)]
struct Doctor {
    #[command(flatten)]
    operator: Operator,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Grant {
    #[command(flatten)]
    operator: Operator,
    /// The alias's ID, such as `orders_api`, or the `sys_id` of its record
    alias: String,
    /// One of several active connections, by its name
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// The user whose grant it is, where each has their own
    #[arg(
        long = "as",
        value_name = "USER",
        default_value = "admin",
        conflicts_with = "url"
    )]
    whom: String,
}

impl OAuth {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Doctor(doctor) => doctor.run(),
            What::Status(grant) => {
                say(&grant.ask(Method::GET)?);
                Ok(())
            }
            What::Refresh(grant) => {
                say(&grant.ask(Method::POST)?);
                Ok(())
            }
            What::Connect(grant) => {
                let told = grant.ask(Method::GET)?;
                match told["initiator_url"].as_str() {
                    Some(url) => println!("{url}"),
                    None => anyhow::bail!(
                        "no person is needed: tokens are fetched when they are needed"
                    ),
                }
                Ok(())
            }
            What::Revoke(grant) => {
                grant.ask(Method::DELETE)?;
                eprintln!("its tokens are forgotten, and the provider is told");
                Ok(())
            }
        }
    }
}

impl Doctor {
    fn run(self) -> anyhow::Result<()> {
        let path = if self.operator.is_user() {
            operator::path(&["api", "sn_broker", "health"])
        } else {
            operator::path(&["_sg", "grants"])
        };
        let told = super::block_on(async { self.operator.send(&path, None).await?.accepted() })?;
        let all = told["result"].as_array().map_or(&[][..], |all| all);
        if self.json {
            println!("{}", told["result"]);
        } else {
            all.iter().for_each(say);
        }
        let want = |it: &&Value| it["wants_somebody"] == true;
        let count = all.iter().filter(want).count();
        anyhow::ensure!(count == 0, "{count} of {} want somebody", all.len());
        Ok(())
    }
}

impl Grant {
    fn ask(&self, method: Method) -> anyhow::Result<Value> {
        let path = self.path();
        let told = super::block_on(async {
            let answer = self.operator.send_as(method, &path, None).await?;
            answer.accepted()
        })?;
        Ok(told["result"].clone())
    }

    fn path(&self) -> String {
        let user = Some(&self.whom).filter(|_| !self.operator.is_user());
        let path = if user.is_none() {
            operator::path(&["api", "sn_broker", "alias", &self.alias, "grant"])
        } else {
            operator::path(&["_sg", "grant", &self.alias])
        };
        let parameters = [("as", user), ("connection", self.connection.as_ref())];
        let given = parameters
            .iter()
            .filter_map(|(name, it)| Some((name, (*it)?)));
        given.fold(path, |path, (name, value)| {
            operator::with_query(&path, name, value)
        })
    }
}

fn say(entry: &Value) {
    let user = match text(entry, "user") {
        "" => String::new(),
        user => format!(" of {user}"),
    };
    println!(
        "{:<14} {}{user} ({})",
        text(entry, "state"),
        text(&entry["credential"], "name"),
        text(entry, "provider"),
    );
    for (label, key) in [
        ("access token until", "access_expires"),
        ("consent until", "consent_expires"),
        ("why", "why"),
        ("to do", "action"),
        ("at", "initiator_url"),
    ] {
        let idle = key == "initiator_url" && matches!(text(entry, "state"), "healthy" | "retrying");
        let said = text(entry, key);
        if !said.is_empty() && !idle {
            println!("  {label:<19}{said}");
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Grant;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        grant: Grant,
    }

    fn path(arguments: &[&str]) -> String {
        let all = ["oauth"].into_iter().chain(arguments.iter().copied());
        Line::parse_from(all).grant.path()
    }

    #[test]
    fn the_operator_asks_for_somebody_and_a_user_for_themselves() {
        assert_eq!(path(&["a/b"]), "/_sg/grant/a%2Fb?as=admin");
        let named = ["a", "--as", "jo", "--connection", "x"];
        assert_eq!(path(&named), "/_sg/grant/a?as=jo&connection=x");
        let by_url = ["a", "--url", "http://h", "--user", "jo:pw"];
        assert_eq!(path(&by_url), "/api/sn_broker/alias/a/grant");
    }
}

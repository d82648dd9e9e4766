//! `snowglobe token --alias`: an access token of another provider, for a program that calls it by itself.

use clap::Args;

use super::operator::{self, Operator};

/// Arguments of `token`.
#[derive(Debug, Args)]
#[command(after_help = "\
The token is all that is printed:  curl -H \"Authorization: Bearer $(snowglobe token --alias orders)\" https://api.example
It is given to those whom a row of Token access on the alias's record names, administrators included, and every hand-out
is noted there. Beside the instance its operator takes it in the name of such a user (--as); with --url it is the user
of --user who asks.")]
pub(crate) struct Token {
    #[command(flatten)]
    operator: Operator,
    /// The alias's ID, such as `orders_api`, or the `sys_id` of its record
    #[arg(long, value_name = "NAME")]
    alias: String,
    /// One of several active connections, by its name
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// The user in whose name the operator asks
    #[arg(
        long = "as",
        value_name = "USER",
        default_value = "admin",
        conflicts_with = "url"
    )]
    whom: String,
    /// Print the scope and the seconds it lives too, as JSON
    #[arg(long)]
    json: bool,
}

impl Token {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let told = super::block_on(async {
            let answer = self.operator.send(&self.path(), None).await?;
            answer.accepted()
        })?;
        let result = &told["result"];
        match result["access_token"].as_str() {
            Some(_) if self.json => println!("{result}"),
            Some(token) => println!("{token}"),
            None => anyhow::bail!("the instance's answer holds no token"),
        }
        Ok(())
    }

    fn path(&self) -> String {
        let mut path = if self.operator.is_user() {
            operator::path(&["api", "sn_broker", "token", &self.alias])
        } else {
            operator::path(&["_sg", "token", &self.alias])
        };
        let user = Some(&self.whom).filter(|_| !self.operator.is_user());
        let parameters = [("as", user), ("connection", self.connection.as_ref())];
        for (name, value) in parameters {
            if let Some(value) = value {
                path = operator::with_query(&path, name, value);
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Token;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        token: Token,
    }

    fn path(arguments: &[&str]) -> String {
        let all = ["token"].into_iter().chain(arguments.iter().copied());
        Line::parse_from(all).token.path()
    }

    #[test]
    fn the_operator_asks_in_somebodys_name_and_a_user_in_their_own() {
        assert_eq!(path(&["--alias", "a/b"]), "/_sg/token/a%2Fb?as=admin");
        let named = ["--alias", "a", "--as", "jo", "--connection", "x y"];
        assert_eq!(path(&named), "/_sg/token/a?as=jo&connection=x+y");
        let by_url = ["--alias", "a", "--url", "http://h", "--user", "jo:pw"];
        assert_eq!(path(&by_url), "/api/sn_broker/token/a");
    }
}

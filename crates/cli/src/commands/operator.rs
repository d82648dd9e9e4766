//! Asking a running instance as its operator.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use reqwest::Method;
use serde_json::Value;
use snowglobe_server::operator::Contact;

/// Which instance is asked.
#[derive(Debug, Args)]
pub(crate) struct Operator {
    /// The folder of a development instance that runs
    #[arg(long, value_name = "DIR", default_value = ".snowglobe")]
    data: PathBuf,
    /// The configuration file of a production instance that runs on this machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "url"])]
    config: Option<PathBuf>,
    /// Any instance's URL, such as an ephemeral one's
    #[arg(long, value_name = "URL", requires = "user", conflicts_with = "data")]
    url: Option<String>,
    /// An administrator of the instance at that URL
    #[arg(long, value_name = "NAME:PASSWORD", requires = "url")]
    user: Option<String>,
}

/// What an instance answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    url: String,
}

impl Operator {
    /// Sends a request; with a body it is a POST.
    pub(crate) async fn ask(&self, path: &str, body: Option<&Value>) -> anyhow::Result<Answer> {
        let answer = self.send(path, body).await?;
        if matches!(answer.status, 401 | 403) {
            bail!(
                "the instance at {} does not take this for its operator's credential",
                answer.url
            );
        }
        Ok(answer)
    }

    /// Tells whether a user's credentials are sent, not the operator's.
    pub(crate) fn is_user(&self) -> bool {
        self.user.is_some()
    }

    /// Sends a request, and returns whatever comes back.
    pub(crate) async fn send(&self, path: &str, body: Option<&Value>) -> anyhow::Result<Answer> {
        let method = body.map_or(Method::GET, |_| Method::POST);
        self.send_as(method, path, body).await
    }

    /// The same by another method.
    pub(crate) async fn send_as(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let start = |url: &str| {
            let request = client.request(method.clone(), format!("{url}{path}"));
            match body {
                None => request,
                Some(body) => request
                    .header("Content-Type", "application/json")
                    .body(body.to_string()),
            }
        };
        let (url, request) = if let (Some(url), Some(user)) = (&self.url, &self.user) {
            let url = url.trim_end_matches('/').to_owned();
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            let request = start(&url).basic_auth(name, Some(password));
            (url, request)
        } else {
            let contact = self.contact()?;
            let request = start(&contact.url).header("Authorization", contact.authorization());
            (contact.url, request)
        };
        let response = request.send().await;
        let response = response.with_context(|| format!("no instance answers at {url}"))?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, body, url })
    }

    fn contact(&self) -> anyhow::Result<Contact> {
        Ok(match &self.config {
            Some(path) => Contact::of_config(&super::serve::read(path)?)?,
            None => Contact::of_folder(&self.data)?,
        })
    }
}

/// Writes a path of these steps, each encoded.
pub(crate) fn path(steps: &[&str]) -> String {
    with(|url| {
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(steps);
        }
    })
}

/// Adds a parameter to a path.
pub(crate) fn with_query(path: &str, name: &str, value: &str) -> String {
    with(|url| {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        url.set_path(path);
        url.set_query(Some(query).filter(|it| !it.is_empty()));
        url.query_pairs_mut().append_pair(name, value);
    })
}

fn with(change: impl FnOnce(&mut reqwest::Url)) -> String {
    const ANY: &str = "http://any";
    let Ok(mut url) = reqwest::Url::parse(ANY) else {
        return String::new();
    };
    change(&mut url);
    url.as_str().trim_start_matches(ANY).to_owned()
}

impl Answer {
    /// Returns the body of an answer that is none of a refusal, or what the instance says is wrong.
    pub(crate) fn accepted(self) -> anyhow::Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        let error = &self.body["error"];
        let said = [&error["message"], &error["detail"]];
        let said: Vec<_> = said.into_iter().filter_map(Value::as_str).collect();
        bail!("the instance answered {}: {}", self.status, said.join(": "))
    }
}

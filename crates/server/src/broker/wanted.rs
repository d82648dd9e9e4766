//! What a caller brings to a REST message, as it comes over REST and as it waits in the queue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use snowglobe_oauth::outbound::{Brought, Escaping, LogLevel, MessageFault, Variable};

use super::{Run, find};
use crate::app::App;

/// What a caller brings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Escaped for XML in a body, as `setStringParameter` does, and percent-encoded in a URL.
    variables: BTreeMap<String, String>,
    /// Put in as they are, as `setStringParameterNoEscape` does.
    variables_raw: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Option<String>,
    timeout_ms: Option<u32>,
    log_level: Option<String>,
    /// Nobody waits for the answer (`executeAsync`).
    #[serde(rename = "async")]
    pub(crate) asynchronous: bool,
}

impl Wanted {
    /// Finds what is to be run.
    pub(crate) fn run(
        self,
        app: &App,
        (message, function): (&str, &str),
        user: Option<Box<str>>,
    ) -> Result<Run, MessageFault> {
        let (message, function) = find(app.store.outbound().registry(), message, function)?;
        Ok(Run {
            message,
            timeout_ms: self.timeout_ms,
            log_level: self.log_level.as_deref().map(LogLevel::parse),
            brought: self.into(),
            source: ("sys_rest_message_fn", function.sys_id.clone()),
            function,
            user,
            idempotency_key: None,
        })
    }
}

impl From<Wanted> for Brought {
    fn from(wanted: Wanted) -> Self {
        let variables = |map: BTreeMap<String, String>, escaping| {
            map.into_iter().map(move |(name, value)| Variable {
                name: name.into(),
                value: value.into(),
                escaping,
            })
        };
        Self {
            variables: variables(wanted.variables, Escaping::Xml)
                .chain(variables(wanted.variables_raw, Escaping::Raw))
                .collect(),
            headers: pairs(wanted.headers),
            query: pairs(wanted.query),
            body: wanted.body.map(Into::into),
        }
    }
}

/// Returns the entries of an object.
pub(crate) fn pairs(map: BTreeMap<String, String>) -> Vec<(Box<str>, Box<str>)> {
    let pairs = map.into_iter();
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

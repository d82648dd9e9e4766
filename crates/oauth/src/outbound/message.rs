//! REST messages: from a stored function and what its caller brings to a request (`outbound-oauth.md` §6).

use std::{collections::BTreeSet, sync::Arc};

use super::template::{Escaping, Place, Variable, substitute};
use crate::form::encode;

/// `sys_rest_message`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestMessage {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Where its functions go that say nothing else.
    pub endpoint: Box<str>,
    /// What its functions prove themselves with that inherit it.
    pub auth: MessageAuth,
    /// How its calls are tried again; `None`: as the alias says.
    pub retry_policy: Option<Box<str>>,
    /// Sent by each function.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// Its functions.
    pub functions: Vec<Arc<RestFunction>>,
}

/// `sys_rest_message_fn`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestFunction {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// Its name, unique in its message.
    pub name: Box<str>,
    /// In capitals.
    pub method: Box<str>,
    /// Empty: its message's.
    pub endpoint: Box<str>,
    /// The body.
    pub content: Box<str>,
    /// What it proves itself with.
    pub auth: MessageAuth,
    /// They win over the message's.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// In their order.
    pub query: Vec<(Box<str>, Box<str>)>,
    /// Its variables.
    pub variables: Vec<DeclaredVariable>,
    /// What of its calls is logged.
    pub log_level: LogLevel,
}

/// `sys_rest_message_fn_parameters`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredVariable {
    /// Its name.
    pub name: Box<str>,
    /// What a test puts in.
    pub test_value: Box<str>,
    /// What is done to it.
    pub escaping: Escaping,
}

/// What a call proves itself with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageAuth {
    /// What the message has; nothing, on a message.
    Inherit,
    /// Nothing, whatever the message has.
    None,
    /// `sys_auth_profile_basic`
    Basic(Box<str>),
    /// `oauth_entity_profile`
    OAuth(Box<str>),
    /// `sys_alias`: its connection's address and credential.
    Alias(Box<str>),
}

/// How much of a call is logged (`outbound-oauth.md` §6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// That there was one, and what came of it.
    #[default]
    Basic,
    /// Headers and query as well.
    Elevated,
    /// Bodies as well.
    All,
}

/// What a caller brings.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// Values of variables.
    pub variables: Vec<Variable>,
    /// They win over the function's.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// Behind the function's.
    pub query: Vec<(Box<str>, Box<str>)>,
    /// In place of the function's content; nothing is substituted in it.
    pub body: Option<Box<str>>,
}

/// A request to be sent, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// In capitals.
    pub method: Box<str>,
    /// With its query.
    pub url: String,
    /// Each name once.
    pub headers: Vec<(Box<str>, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// Variables without a value.
    pub missing: BTreeSet<Box<str>>,
}

/// Why there is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageFault {
    /// No message has this name.
    #[error("no REST message has this name")]
    MessageUnknown,
    /// Several have.
    #[error("several REST messages have this name")]
    MessageAmbiguous,
    /// The message has no such function.
    #[error("the REST message has no function of this name")]
    FunctionUnknown,
    /// Neither says where to.
    #[error("neither the function nor its message has an endpoint")]
    NoEndpoint,
    /// A call by an alias names another place than the alias's connection.
    #[error("a path under the connection's URL is asked for, not a URL")]
    Elsewhere,
    /// A value of a header would begin another line.
    #[error("a header's value holds a line break")]
    Header,
}

impl MessageFault {
    /// Returns the name of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MessageUnknown => "rest_message_unknown",
            Self::MessageAmbiguous => "rest_message_ambiguous",
            Self::FunctionUnknown => "rest_function_unknown",
            Self::NoEndpoint => "rest_endpoint_missing",
            Self::Elsewhere => "rest_path_elsewhere",
            Self::Header => "rest_header_invalid",
        }
    }
}

impl RestMessage {
    /// Describes a call that no record does: by an alias's connection and credential to a path there, or to a URL. Nothing
    /// is substituted but what is brought.
    #[must_use]
    pub fn ad_hoc(
        auth: MessageAuth,
        method: &str,
        endpoint: &str,
    ) -> (Arc<Self>, Arc<RestFunction>) {
        let message = Self {
            sys_id: Box::default(),
            name: Box::default(),
            endpoint: Box::default(),
            auth,
            retry_policy: None,
            headers: Vec::new(),
            functions: Vec::new(),
        };
        let function = RestFunction {
            sys_id: Box::default(),
            name: Box::default(),
            method: method.to_ascii_uppercase().into(),
            endpoint: endpoint.into(),
            content: Box::default(),
            auth: MessageAuth::Inherit,
            headers: Vec::new(),
            query: Vec::new(),
            variables: Vec::new(),
            log_level: LogLevel::Basic,
        };
        (Arc::new(message), Arc::new(function))
    }

    /// Finds a function: by its exact name, or by one that is the same in another case.
    ///
    /// # Errors
    /// [`MessageFault::FunctionUnknown`]
    pub fn function(&self, name: &str) -> Result<&Arc<RestFunction>, MessageFault> {
        let exact = self.functions.iter().find(|it| *it.name == *name);
        let alike = || {
            let mut all = self.functions.iter();
            all.find(|it| it.name.eq_ignore_ascii_case(name))
        };
        exact.or_else(alike).ok_or(MessageFault::FunctionUnknown)
    }

    /// Tells whether tokens of an OAuth profile prove any of its calls.
    #[must_use]
    pub fn uses_profile(&self, profile: &str) -> bool {
        let own = self.functions.iter().map(|function| &function.auth);
        std::iter::once(&self.auth)
            .chain(own)
            .any(|auth| matches!(auth, MessageAuth::OAuth(it) if **it == *profile))
    }

    /// Returns what a function's calls prove themselves with.
    #[must_use]
    pub fn auth<'a>(&'a self, function: &'a RestFunction) -> &'a MessageAuth {
        match &function.auth {
            MessageAuth::Inherit => &self.auth,
            own => own,
        }
    }

    /// Builds a request. `base` takes the place of an endpoint that is none of the web: a path under a connection's URL.
    ///
    /// # Errors
    /// [`MessageFault`]
    pub fn build(
        &self,
        function: &RestFunction,
        brought: &Brought,
        base: Option<&str>,
    ) -> Result<Built, MessageFault> {
        let mut missing = BTreeSet::new();
        let variables = variables(function, brought);
        let mut url = substitute(
            &self.endpoint(function, base)?,
            Place::Url,
            &variables,
            &mut missing,
        );
        // Nobody is sent a fragment, and what stands behind one would not be sent either.
        url.truncate(url.find('#').unwrap_or(url.len()));
        for (name, value) in function.query.iter().chain(&brought.query) {
            let value = substitute(value, Place::Text, &variables, &mut missing);
            url.push(if url.contains('?') { '&' } else { '?' });
            encode(name, &mut url);
            url.push('=');
            encode(&value, &mut url);
        }
        let headers = self.headers(function, brought, (&variables, &mut missing))?;
        let body = match &brought.body {
            Some(body) => body.to_string(),
            // §6.1: the template is for methods that have a body.
            None if matches!(&*function.method, "GET" | "HEAD") => String::new(),
            None => substitute(&function.content, Place::Body, &variables, &mut missing),
        };
        let body = Some(body).filter(|body| !body.is_empty());
        Ok(Built {
            method: function.method.clone(),
            url,
            headers,
            body,
            missing,
        })
    }

    fn endpoint(
        &self,
        function: &RestFunction,
        base: Option<&str>,
    ) -> Result<String, MessageFault> {
        let endpoint = match (&*function.endpoint, &*self.endpoint) {
            ("", message) => message,
            (own, _) => own,
        };
        let endpoint = match base {
            Some(base) if !endpoint.contains("://") => join(base, endpoint),
            _ => endpoint.to_owned(),
        };
        if endpoint.is_empty() {
            return Err(MessageFault::NoEndpoint);
        }
        Ok(endpoint)
    }

    /// Each name once; the function's win over the message's, and the caller's over both.
    fn headers(
        &self,
        function: &RestFunction,
        brought: &Brought,
        (variables, missing): (&[Variable], &mut BTreeSet<Box<str>>),
    ) -> Result<Vec<(Box<str>, String)>, MessageFault> {
        let mut headers: Vec<(Box<str>, String)> = Vec::new();
        let stored = self.headers.iter().chain(&function.headers);
        for (name, value) in stored.chain(&brought.headers) {
            let value = substitute(value, Place::Text, variables, missing);
            if value.contains(['\r', '\n', '\0'])
                || OURS.iter().any(|it| it.eq_ignore_ascii_case(name))
            {
                return Err(MessageFault::Header);
            }
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value));
        }
        Ok(headers)
    }
}

/// Headers that say where a request goes and where it ends: whoever sends it writes them.
const OURS: [&str; 8] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "te",
    "trailer",
    "upgrade",
    "expect",
];

/// What the caller brings. A value is escaped for XML in a body, whatever the variable's record says (§6.2), unless that
/// says JSON, which is our own.
fn variables(function: &RestFunction, brought: &Brought) -> Vec<Variable> {
    let mut variables = brought.variables.clone();
    for variable in &mut variables {
        let declared = function
            .variables
            .iter()
            .find(|it| it.name == variable.name);
        if variable.escaping == Escaping::Xml
            && declared.is_some_and(|it| it.escaping == Escaping::Json)
        {
            variable.escaping = Escaping::Json;
        }
    }
    variables
}

impl RestFunction {
    /// Returns the variables with their test values, each escaped as its record says.
    #[must_use]
    pub fn test_values(&self) -> Vec<Variable> {
        let variable = |it: &DeclaredVariable| Variable {
            name: it.name.clone(),
            value: it.test_value.clone(),
            escaping: it.escaping,
        };
        self.variables.iter().map(variable).collect()
    }
}

impl LogLevel {
    /// Reads a level; §6.7: an unknown one is basic.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "elevated" => Self::Elevated,
            "all" => Self::All,
            _ => Self::Basic,
        }
    }

    /// Returns its name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Elevated => "elevated",
            Self::All => "all",
        }
    }
}

/// A path under a base, in front of the base's query if that has one.
fn join(base: &str, path: &str) -> String {
    let (base, query) = match base.split_once('?') {
        Some((base, query)) => (base, Some(query)),
        None => (base, None),
    };
    let mut url = base.to_owned();
    if !path.is_empty() {
        url.truncate(base.trim_end_matches('/').len());
        url.push('/');
        url.push_str(path.trim_start_matches('/'));
    }
    if let Some(query) = query {
        url.push(if path.contains('?') { '&' } else { '?' });
        url.push_str(query);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (Box<str>, Box<str>) {
        (name.into(), value.into())
    }

    fn message() -> RestMessage {
        RestMessage {
            sys_id: "m".into(),
            name: "Orders".into(),
            endpoint: "https://api.example/v1".into(),
            auth: MessageAuth::Basic("b".into()),
            retry_policy: None,
            headers: vec![pair("Accept", "application/json"), pair("X-From", "${who}")],
            functions: vec![Arc::new(RestFunction {
                sys_id: "f".into(),
                name: "Get order".into(),
                method: "POST".into(),
                endpoint: "https://api.example/v1/orders/${id}".into(),
                content: "<o>${id}</o>".into(),
                auth: MessageAuth::Inherit,
                headers: vec![pair("accept", "text/xml")],
                query: vec![pair("q", "a&${id}")],
                variables: vec![DeclaredVariable {
                    name: "text".into(),
                    test_value: "t".into(),
                    escaping: Escaping::Json,
                }],
                log_level: LogLevel::Basic,
            })],
        }
    }

    fn brought(variables: &[(&str, &str)]) -> Brought {
        let variable = |(name, value): &(&str, &str)| Variable {
            name: (*name).into(),
            value: (*value).into(),
            escaping: Escaping::Xml,
        };
        Brought {
            variables: variables.iter().map(variable).collect(),
            ..Brought::default()
        }
    }

    fn built(brought: &Brought) -> Result<Built, MessageFault> {
        let message = message();
        message.build(message.function("get ORDER")?, brought, None)
    }

    #[test]
    fn outbound_6_2_a_request_is_built_of_message_function_and_what_is_brought() {
        let more = Brought {
            query: vec![pair("limit", "1")],
            headers: vec![pair("X-Run", "7")],
            ..brought(&[("id", "a/b&c"), ("who", "jo")])
        };
        let built = built(&more).expect("a request");
        assert_eq!(
            built.url,
            "https://api.example/v1/orders/a%2Fb%26c?q=a%26a%2Fb%26c&limit=1"
        );
        let headers: Vec<_> = built
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        assert_eq!(
            headers,
            [("X-From", "jo"), ("accept", "text/xml"), ("X-Run", "7")]
        );
        assert_eq!(built.body.as_deref(), Some("<o>a/b&amp;c</o>"));
        assert!(built.missing.is_empty());
    }

    #[test]
    fn outbound_6_2_a_body_that_is_brought_is_left_alone() {
        let own = Brought {
            body: Some("${id} stays".into()),
            ..brought(&[("id", "1"), ("who", "jo")])
        };
        let built = built(&own).expect("a request");
        assert_eq!(built.body.as_deref(), Some("${id} stays"));
    }

    #[test]
    fn outbound_6_2_what_is_missing_is_named() {
        let built = built(&brought(&[])).expect("a request");
        let missing: Vec<_> = built.missing.iter().map(|it| &**it).collect();
        assert_eq!(missing, ["id", "who"]);
    }

    #[test]
    fn a_header_has_one_line_and_is_none_of_the_connections() {
        let split = brought(&[("id", "1"), ("who", "jo\r\nX-Evil: 1")]);
        assert_eq!(built(&split), Err(MessageFault::Header));
        for name in ["Host", "content-length", "Transfer-Encoding"] {
            let elsewhere = Brought {
                headers: vec![pair(name, "x")],
                ..brought(&[("id", "1"), ("who", "jo")])
            };
            assert_eq!(built(&elsewhere), Err(MessageFault::Header), "{name}");
        }
    }

    #[test]
    fn outbound_6_1_the_template_is_for_methods_with_a_body() {
        let mut message = message();
        Arc::make_mut(&mut message.functions[0]).method = "GET".into();
        let built = message.build(&message.functions[0], &brought(&[]), None);
        assert_eq!(built.expect("a request").body, None);
    }

    #[test]
    fn a_variable_that_is_declared_so_is_safe_in_json() {
        let mut message = message();
        Arc::make_mut(&mut message.functions[0]).content =
            r#"{"text":"${text}","id":"${id}"}"#.into();
        let brought = brought(&[("text", "say \"<\""), ("id", "<")]);
        let built = message.build(&message.functions[0], &brought, None);
        let body = built.expect("a request").body;
        let expected = r#"{"text":"say \"<\"","id":"&lt;"}"#;
        assert_eq!(body.as_deref(), Some(expected));
    }

    #[test]
    fn outbound_6_3_a_function_inherits_its_proof_or_has_its_own() {
        let mut message = message();
        assert_eq!(
            message.auth(&message.functions[0]),
            &MessageAuth::Basic("b".into())
        );
        Arc::make_mut(&mut message.functions[0]).auth = MessageAuth::None;
        assert_eq!(message.auth(&message.functions[0]), &MessageAuth::None);
    }

    #[test]
    fn a_path_goes_under_the_connection() {
        let mut message = message();
        Arc::make_mut(&mut message.functions[0]).endpoint = "/orders/${id}".into();
        Arc::make_mut(&mut message.functions[0]).query.clear();
        let of = |base| {
            let built = message.build(&message.functions[0], &brought(&[("id", "1")]), Some(base));
            built.expect("a request").url
        };
        for (base, url) in [
            ("https://c.example", "https://c.example/orders/1"),
            ("https://c.example/base/", "https://c.example/base/orders/1"),
            (
                "https://c.example/b?v=1",
                "https://c.example/b/orders/1?v=1",
            ),
        ] {
            assert_eq!(of(base), url);
        }
    }
}

//! A call of the REST surface, and what scopes and policies say about which calls they are for.

/// A call, taken apart: `/api/now/v2/table/incident/1` is resource `incident/1` of API `now/table`, version `v2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiCall<'c> {
    method: &'c str,
    namespace: &'c str,
    name: &'c str,
    version: Option<&'c str>,
    resource: &'c str,
}

/// The version that a path without one means (`rest-and-records.md` §1.1).
const NEWEST: &str = "v2";

impl<'c> ApiCall<'c> {
    /// Takes a call apart; `path` is percent-decoded. What is not below `/api` is of no API: only what is for every
    /// API is for it, too.
    #[must_use]
    pub fn of(method: &'c str, path: &'c str) -> Self {
        let below = path.strip_prefix("/api/").unwrap_or_default();
        let (namespace, rest) = below.split_once('/').unwrap_or_default();
        let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
        let (version, rest) = if is_version(first) {
            (Some(first), after)
        } else {
            (None, rest)
        };
        let (name, resource) = rest.split_once('/').unwrap_or((rest, ""));
        Self {
            // RFC 9110 §9.3.2: HEAD is GET without the content, so it is not another way in.
            method: if method == "HEAD" { "GET" } else { method },
            namespace,
            name,
            version,
            resource,
        }
    }

    /// Returns the table of a call of the Table API.
    #[must_use]
    pub fn table(&self) -> Option<&'c str> {
        let is_table_api = self.namespace == "now" && self.name == "table";
        let table = self.resource.split('/').next()?;
        (is_table_api && !table.is_empty()).then_some(table)
    }

    fn version_is(&self, wanted: &str) -> bool {
        let called = self.version.unwrap_or(NEWEST);
        match wanted {
            wanted if wanted.eq_ignore_ascii_case("latest") => called == NEWEST,
            wanted => called.eq_ignore_ascii_case(wanted),
        }
    }
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Which calls a record is for. What it leaves open it is for all of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Namespace and name of the API; `None` is every API.
    api: Option<(Box<str>, Box<str>)>,
    method: Option<Box<str>>,
    version: Option<Box<str>>,
    /// Segments below the API; `None` stands for any one.
    resource: Option<Vec<Option<Box<str>>>>,
}

impl Pattern {
    /// Is for every API.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Is for one API, such as `now/table`. `None` when the text is no path of an API.
    #[must_use]
    pub fn of_api(path: &str) -> Option<Self> {
        let path = path.trim().trim_matches('/');
        let path = path.strip_prefix("api/").unwrap_or(path);
        let (namespace, name) = path.split_once('/')?;
        Some(Self {
            api: Some((namespace.into(), name.into())),
            ..Self::default()
        })
    }

    /// Tells whether it is for the calls of every API.
    #[must_use]
    pub fn is_for_every_api(&self) -> bool {
        self.api.is_none()
    }

    /// Narrows it to a method.
    #[must_use]
    pub fn method(self, method: &str) -> Self {
        let method = Some(method.trim().to_ascii_uppercase().into());
        Self { method, ..self }
    }

    /// Narrows it to a version: `v1`, `v2` or `latest`.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        let version = Some(version.trim().into());
        Self { version, ..self }
    }

    /// Narrows it to a resource, such as `/now/table/{tableName}` or `{tableName}/{sys_id}`.
    #[must_use]
    pub fn resource(self, template: &str) -> Self {
        let mut segments: Vec<&str> = template.trim().trim_matches('/').split('/').collect();
        let (namespace, name) = self.api.clone().unwrap_or_default();
        if segments.first().copied() == Some(&*namespace) {
            segments.remove(0);
            if segments.first().is_some_and(|first| is_version(first)) {
                segments.remove(0);
            }
            if segments.first().copied() == Some(&*name) {
                segments.remove(0);
            }
        }
        let segment = |segment: &&str| (!segment.starts_with('{')).then(|| (*segment).into());
        let resource = Some(segments.iter().map(segment).collect());
        Self { resource, ..self }
    }

    /// Tells whether it is for this call.
    #[must_use]
    pub fn fits(&self, call: &ApiCall<'_>) -> bool {
        let Self {
            api,
            method,
            version,
            resource,
        } = self;
        let is = |wanted: &str, given: &str| wanted.eq_ignore_ascii_case(given);
        api.as_ref()
            .is_none_or(|(namespace, name)| is(namespace, call.namespace) && is(name, call.name))
            && method.as_ref().is_none_or(|method| is(method, call.method))
            && version.as_ref().is_none_or(|it| call.version_is(it))
            && resource.as_ref().is_none_or(|segments| {
                let called = || call.resource.split('/').filter(|it| !it.is_empty());
                segments.len() == called().count()
                    && segments
                        .iter()
                        .zip(called())
                        .all(|(wanted, given)| wanted.as_ref().is_none_or(|it| is(it, given)))
            })
    }

    /// Returns how narrow it is, as policies are ranked (§5.2): 1 is the narrowest, 10 the widest.
    #[must_use]
    pub fn rank(&self) -> u8 {
        let (method, resource, version) = (
            self.method.is_some(),
            self.resource.is_some(),
            self.version.is_some(),
        );
        match (self.api.is_some(), method, resource, version) {
            (true, true, true, true) => 1,
            (true, true, true, false) => 2,
            (true, false, true, true) => 3,
            (true, false, true, false) => 4,
            (true, true, false, true) => 5,
            (true, true, false, false) => 6,
            (true, false, false, true) => 7,
            // The list does not have the policy that is for all of one API; it is wider than all above.
            (true, false, false, false) => 8,
            (false, true, ..) => 9,
            (false, false, ..) => 10,
        }
    }
}

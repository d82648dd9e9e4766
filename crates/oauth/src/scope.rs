//! Scope (RFC 6749 §3.3): what a token may be used for, and what a request gets of what it asks for.
//!
//! ServiceNow's `useraccount` stands for everything the user may do. It is what a token has when nothing else
//! is asked for (`inbound-oauth.md` §2.0), so it has a number of its own and costs no allocation.

use std::{fmt, sync::Arc};

use crate::{
    client::Client,
    policy::{DefaultScope, Policy, RefreshScope},
    resource::Resources,
};

/// The number under which the store keeps a scope and the resources it is for; tokens carry it in place of the
/// texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeNo(pub u32);

impl ScopeNo {
    /// The number of `useraccount`; the store numbers other scopes from 1.
    pub const USERACCOUNT: Self = Self(0);
}

/// A set of scope names, kept as its one text: sorted, without doubles, separated by single spaces.
///
/// The names hold only the characters RFC 6749 §3.3 allows, so the text needs no escaping in JSON.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Scope(Option<Arc<str>>);

/// A scope for certain resource servers, and the number of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedScope {
    /// The number tokens carry.
    pub no: ScopeNo,
    /// What the token may be used for.
    pub scope: Scope,
    /// Where it may be used; none: at this instance.
    pub resources: Resources,
}

impl NumberedScope {
    /// The scope most tokens have.
    pub const USERACCOUNT: Self = Self {
        no: ScopeNo::USERACCOUNT,
        scope: Scope::USERACCOUNT,
        resources: Resources::NONE,
    };
}

/// Why a scope is not granted (`invalid_scope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeFault {
    /// The text holds characters no scope has, or no name at all.
    #[error("the requested scope is malformed")]
    Malformed,
    /// The application may not ask for one of the names.
    #[error("the requested scope is not allowed for this client")]
    NotAllowed,
    /// A refresh asks for more than the grant had.
    #[error("the requested scope exceeds the scope of the grant")]
    Widened,
}

impl ScopeFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "scope_malformed",
            Self::NotAllowed => "scope_not_allowed",
            Self::Widened => "scope_widened",
        }
    }
}

impl Scope {
    /// The scope that stands for everything the user may do.
    pub const USERACCOUNT: Self = Self(None);

    /// Parses scope names separated by spaces.
    ///
    /// # Errors
    /// [`ScopeFault::Malformed`] when a character is none of RFC 6749 §3.3 or there is no name.
    pub fn parse(text: &str) -> Result<Self, ScopeFault> {
        let names = text.split(' ').filter(|name| !name.is_empty());
        if !names.clone().all(is_scope_token) {
            return Err(ScopeFault::Malformed);
        }
        Self::of(names).ok_or(ScopeFault::Malformed)
    }

    /// Returns the set of these names, `None` when there are none. Names that no request could spell
    /// (RFC 6749 §3.3) are left out: nobody can ask for them.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut names: Vec<_> = names
            .into_iter()
            .filter(|name| is_scope_token(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] => None,
            [USERACCOUNT] => Some(Self::USERACCOUNT),
            names => Some(Self(Some(names.join(" ").into()))),
        }
    }

    /// Decides what a new grant gets of the scope it asks for.
    ///
    /// # Errors
    /// [`ScopeFault`] when a name is malformed or not registered for the client. A scope is never widened
    /// or silently dropped (security.md §2, 26).
    pub fn granted(
        requested: Option<&str>,
        client: &Client,
        policy: &Policy,
    ) -> Result<Self, ScopeFault> {
        let Some(requested) = requested else {
            return Ok(match policy.default_scope {
                DefaultScope::UserAccount => Self::USERACCOUNT,
                DefaultScope::Registered => client.scope.clone().unwrap_or(Self::USERACCOUNT),
            });
        };
        let requested = Self::parse(requested)?;
        let registered = |name| {
            client
                .scope
                .as_ref()
                .is_some_and(|scope| scope.contains(name))
        };
        // A client without registered scopes has no other than `useraccount`, in either dialect.
        let everything = match policy.default_scope {
            DefaultScope::UserAccount => true,
            DefaultScope::Registered => client.scope.is_none(),
        };
        let allowed =
            |name| registered(name) || is_identity(name) || (everything && name == USERACCOUNT);
        if !requested.names().all(allowed) {
            return Err(ScopeFault::NotAllowed);
        }
        // ServiceNow: clients ask for `openid` and then call the API, so identity comes on top (§2.1, §2.0).
        if policy.default_scope == DefaultScope::UserAccount && requested.is_identity_only() {
            let names = requested.names().chain([USERACCOUNT]);
            return Ok(Self::of(names).unwrap_or(Self::USERACCOUNT));
        }
        Ok(requested)
    }

    /// Returns the names of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.names().chain(other.names())).unwrap_or(Self::USERACCOUNT)
    }

    /// Decides what a refresh gets of the scope it asks for: never more than the grant had (RFC 6749 §6).
    ///
    /// # Errors
    /// [`ScopeFault`] when it asks for more.
    pub fn refreshed(
        requested: Option<&str>,
        granted: &Self,
        policy: &Policy,
    ) -> Result<Self, ScopeFault> {
        let Some(requested) = requested else {
            return Ok(granted.clone());
        };
        let requested = Self::parse(requested)?;
        if !requested.names().all(|name| granted.contains(name)) {
            return Err(ScopeFault::Widened);
        }
        Ok(match policy.refresh_scope {
            RefreshScope::AsGranted => granted.clone(),
            RefreshScope::AsRequested => requested,
        })
    }

    /// Returns the one text of the set.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or(USERACCOUNT)
    }

    /// Iterates over the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.as_str().split(' ')
    }

    /// Tells whether the set is about who the person is, and nothing else.
    #[must_use]
    pub fn is_identity_only(&self) -> bool {
        self.names().all(is_identity)
    }

    /// Tells whether the set asks who the person is: without a person there is no answer.
    #[must_use]
    pub fn has_identity(&self) -> bool {
        self.names().any(is_identity)
    }

    /// Tells whether the set has this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.as_str())
    }
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3).
fn is_scope_token(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    !name.is_empty() && name.bytes().all(allowed)
}

/// Iterates over the scopes that every client may ask for.
pub fn well_known() -> impl Iterator<Item = &'static str> {
    IDENTITY.into_iter().chain([USERACCOUNT])
}

fn is_identity(name: &str) -> bool {
    IDENTITY.contains(&name)
}

/// Asks for an ID token (OpenID Connect Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Opens a person's name and the like at the userinfo endpoint (§5.4).
pub const PROFILE: &str = "profile";
/// Opens a person's address (§5.4).
pub const EMAIL: &str = "email";
/// Asks for a refresh token (§11), which every code grant gives anyway.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The scopes of OpenID Connect. Every client may ask for them: they tell nothing but who the person is who
/// consents, and open no record.
pub const IDENTITY: [&str; 4] = [OPENID, PROFILE, EMAIL, OFFLINE_ACCESS];

const USERACCOUNT: &str = "useraccount";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_one_text() {
        assert_eq!(
            Scope::parse("write  read write").unwrap().as_str(),
            "read write"
        );
        assert_eq!(Scope::parse(" useraccount "), Ok(Scope::USERACCOUNT));
        assert_eq!(Scope::of([]), None);
        assert_eq!(Scope::of(["no name", "read"]), Scope::parse("read").ok());
    }

    #[test]
    fn rfc6749_3_3_other_characters_are_no_scope() {
        for text in ["", "  ", "a\"b", "a\\b", "a\tb", "é", "a\nb"] {
            assert_eq!(Scope::parse(text), Err(ScopeFault::Malformed), "{text:?}");
        }
    }
}

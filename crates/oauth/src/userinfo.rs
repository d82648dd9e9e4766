//! Userinfo (OpenID Connect Core §5.3): what a client may know of the person, by the scopes that were granted.

use serde_json::{Map, Value};

use crate::scope::{EMAIL, PROFILE, Scope};

/// A person, as far as the record tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// `name`
    pub name: Box<str>,
    /// `first_name`
    pub first_name: Box<str>,
    /// `middle_name`
    pub middle_name: Box<str>,
    /// `last_name`
    pub last_name: Box<str>,
    /// `user_name`
    pub user_name: Box<str>,
    /// `email`
    pub email: Box<str>,
    /// `time_zone`
    pub time_zone: Box<str>,
    /// `preferred_language`
    pub language: Box<str>,
}

/// Where each claim comes from, and the scope that opens it (OpenID Connect Core §5.4). What the record leaves
/// empty is left out (§5.3.2).
const CLAIMS: [Claim; 8] = [
    ("name", PROFILE, |person| &person.name),
    ("given_name", PROFILE, |person| &person.first_name),
    ("middle_name", PROFILE, |person| &person.middle_name),
    ("family_name", PROFILE, |person| &person.last_name),
    ("preferred_username", PROFILE, |person| &person.user_name),
    ("zoneinfo", PROFILE, |person| &person.time_zone),
    ("locale", PROFILE, |person| &person.language),
    ("email", EMAIL, |person| &person.email),
];

type Claim = (&'static str, &'static str, fn(&Person) -> &str);

/// Iterates over the names of the claims a person may be described by, `sub` aside.
pub fn claim_names() -> impl Iterator<Item = &'static str> {
    CLAIMS.into_iter().map(|(name, ..)| name)
}

/// Tells whether a scope opens more than who it is.
#[must_use]
pub fn describes(scope: &Scope) -> bool {
    CLAIMS.iter().any(|(_, needed, _)| scope.contains(needed))
}

/// Returns what a token of this scope opens.
#[must_use]
pub fn claims(subject: &str, person: &Person, scope: &Scope) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), subject.into());
    for (name, needed, value) in CLAIMS {
        let value = value(person);
        if scope.contains(needed) && !value.is_empty() {
            claims.insert(name.to_owned(), value.into());
        }
    }
    claims
}

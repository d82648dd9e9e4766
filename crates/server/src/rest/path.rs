//! What the path of a call names.

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};

use crate::router::{names_in, unknown};

/// The names in a path.
pub(crate) struct Named<T>(pub(crate) T);

/// As many names as a handler takes.
pub(crate) trait Names: Sized {
    /// Takes them from the left; nothing if one is missing.
    fn take(names: &mut impl Iterator<Item = Option<String>>) -> Option<Self>;
}

impl Names for String {
    fn take(names: &mut impl Iterator<Item = Option<String>>) -> Option<Self> {
        names.next()?
    }
}

impl Names for (String, String) {
    fn take(names: &mut impl Iterator<Item = Option<String>>) -> Option<Self> {
        Some((names.next()??, names.next()??))
    }
}

impl Names for (String, String, String) {
    fn take(names: &mut impl Iterator<Item = Option<String>>) -> Option<Self> {
        Some((names.next()??, names.next()??, names.next()??))
    }
}

impl<T: Names, S: Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // Only bytes that are no UTF-8 are refused, and then nothing can have that name.
        let names = T::take(&mut names_in(parts.uri.path()));
        names.map(Self).ok_or_else(|| unknown(&parts.uri))
    }
}

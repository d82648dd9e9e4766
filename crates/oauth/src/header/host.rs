//! `Host`: the names that a development instance goes by over TLS (RFC 9110 §7.2), those of its certificate.

/// A name of the instance, and the port that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// In lower case.
    pub name: String,
    /// As it was written; `None` where the scheme's own is meant.
    pub port: Option<String>,
}

/// Reads the name that a client came to. `None` when it is none of ours: whoever makes a name up is not believed.
#[must_use]
pub fn own(authority: &str) -> Option<Own> {
    let authority = authority.to_ascii_lowercase();
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (&*authority, ""),
    };
    is_ours(name).then(|| Own {
        name: name.to_owned(),
        port: Some(port.to_owned()).filter(|port| !matches!(&**port, "" | "443")),
    })
}

fn is_ours(name: &str) -> bool {
    let letters = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(plain)
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
        || name.strip_suffix(".service-now.com").is_some_and(letters)
}

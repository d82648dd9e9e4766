//! Whoever runs the instance, as opposed to whoever uses it.
//!
//! The master key proves it: a credential is derived from it, so the command line needs nothing but what the
//! instance itself reads, and there is no further secret to keep. Administrators may do the same with their own
//! credentials.

use std::{fs, io, path::Path};

use snowglobe_oauth::secret::{Secret, SecretHash};

use crate::{
    StartError,
    config::{Config, parse_key},
    dev,
};

/// What the credential is derived for.
const PURPOSE: &str = "snowglobe operator credential 1";
/// Tells the credential from a token.
const PREFIX: &str = "sgop_";

/// Knows the operator's credential when it sees it.
#[derive(Debug, Clone)]
pub(crate) struct OperatorKey(SecretHash);

impl OperatorKey {
    pub(crate) fn derive(master_key: &[u8; 32]) -> Self {
        Self(SecretHash::hash_generated(&credential(master_key)))
    }

    /// Tells whether a bearer is the operator.
    pub(crate) fn admits(&self, bearer: &str) -> bool {
        bearer
            .strip_prefix(PREFIX)
            .is_some_and(|secret| self.0.verify(secret))
    }
}

fn credential(master_key: &[u8; 32]) -> Secret {
    Secret::derive(master_key, PURPOSE)
}

/// Where an instance is reached, and what opens it to its operator.
#[derive(Debug)]
pub struct Contact {
    /// The base URL, without a slash at its end.
    pub url: String,
    bearer: Secret,
}

impl Contact {
    /// Finds the development instance that runs in a folder.
    ///
    /// # Errors
    /// [`StartError::System`] when none was started there.
    pub fn of_folder(folder: &Path) -> Result<Self, StartError> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(StartError::system(format!(
                "no instance runs in {}; start one with: snowglobe up",
                folder.display()
            )))
        };
        let damaged = || {
            StartError::system(format!("the master key in {}", folder.display()))(
                io::ErrorKind::InvalidData.into(),
            )
        };
        let url = read(dev::ADDRESS)?;
        let key = parse_key(read(dev::MASTER_KEY)?.trim()).ok_or_else(damaged)?;
        Ok(Self::new(url.trim().to_owned(), &key))
    }

    /// Finds the production instance that a configuration describes, on this machine.
    ///
    /// # Errors
    /// [`StartError::Config`] when its master key cannot be read.
    pub fn of_config(config: &Config) -> Result<Self, StartError> {
        let mut address = config.listen;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                std::net::Ipv4Addr::LOCALHOST.into()
            } else {
                std::net::Ipv6Addr::LOCALHOST.into()
            });
        }
        Ok(Self::new(
            format!("http://{address}"),
            &config.master_key()?,
        ))
    }

    fn new(url: String, master_key: &[u8; 32]) -> Self {
        Self {
            url,
            bearer: credential(master_key),
        }
    }

    /// Returns the `Authorization` header that opens the instance.
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Bearer {PREFIX}{}", self.bearer.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_master_keys_own_credential_is_the_operator() {
        let key = OperatorKey::derive(&[7; 32]);
        let contact = |key: u8| Contact::new(String::new(), &[key; 32]).authorization();
        let admits = |header: String| key.admits(header.strip_prefix("Bearer ").expect("a bearer"));
        assert!(admits(contact(7)));
        assert!(!admits(contact(8)));
        assert!(!key.admits("") && !key.admits(PREFIX) && !key.admits("sgop"));
    }
}

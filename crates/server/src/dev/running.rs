//! A development instance that runs, as its folder tells of it: for the commands that point clients at it.

use std::{
    collections::BTreeMap,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{ADDRESS, HTTPS_ADDRESS, Secrets};
use crate::{
    StartError,
    https::{self, CA_FILE},
};

/// Where an instance is and which secrets it has handed out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// Its base URL.
    pub url: String,
    /// HTTPS, if it speaks it.
    pub https: Option<RunningHttps>,
    /// Passwords by user name.
    pub users: BTreeMap<String, String>,
    /// Secrets by client id.
    pub clients: BTreeMap<String, String>,
    /// API keys by name.
    pub api_keys: BTreeMap<String, String>,
}

/// Where an instance ends TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningHttps {
    /// The address.
    pub address: SocketAddr,
    /// Its base URL there.
    pub url: String,
    /// The certificate to trust.
    pub ca_file: PathBuf,
    /// Whether it was asked for; otherwise it is at another port at each start.
    pub announced: bool,
}

impl Running {
    /// Reads what the instance of a folder has left word of.
    ///
    /// # Errors
    /// [`StartError::System`] when none has run there, or its files cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self, StartError> {
        let url = read(folder, ADDRESS)?.ok_or_else(|| {
            StartError::system(format!(
                "no instance runs in {}; start one with: snowglobe up",
                folder.display()
            ))(io::ErrorKind::NotFound.into())
        })?;
        let secrets = match read(folder, "development.json")? {
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                StartError::system(format!("the secrets in {}", folder.display()))(error.into())
            })?,
            None => Secrets::default(),
        };
        let note = read(folder, HTTPS_ADDRESS)?;
        let ca_file = folder.join(https::FOLDER).join(CA_FILE);
        Ok(Self {
            url: url.trim().to_owned(),
            https: note.and_then(|note| RunningHttps::read(&note, &ca_file)),
            users: secrets.users,
            clients: secrets.clients,
            api_keys: secrets.api_keys,
        })
    }
}

impl RunningHttps {
    /// The text of the note: the address, and a word when it was asked for.
    pub(super) fn note(https: &https::Opened) -> String {
        let announced = if https.announced { " announced" } else { "" };
        format!("{}{announced}", https.address)
    }

    fn read(note: &str, ca_file: &Path) -> Option<Self> {
        let (address, word) = note.trim().split_once(' ').unwrap_or((note.trim(), ""));
        let address: SocketAddr = address.parse().ok()?;
        Some(Self {
            address,
            url: https::default_issuer(address.port()),
            ca_file: std::path::absolute(ca_file).ok()?,
            announced: word == "announced",
        })
    }
}

fn read(folder: &Path, name: &str) -> Result<Option<String>, StartError> {
    match fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StartError::system(format!(
            "{} in {} cannot be read",
            name,
            folder.display()
        ))(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_back() {
        let read = |note| RunningHttps::read(note, Path::new("/x/ca.pem"));
        let announced = read("127.0.0.1:8443 announced").expect("a note");
        assert_eq!(
            (&*announced.url, announced.announced),
            ("https://localhost:8443", true)
        );
        assert!(!read("127.0.0.1:1").expect("a note").announced);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_folder_without_an_instance_says_so() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let error = Running::of_folder(folder.path()).expect_err("nobody is there");
        assert!(error.to_string().contains("snowglobe up"), "{error}");
    }
}

//! HTTPS beside HTTP on a development instance, for clients that take nothing else.
//!
//! ```text
//! authority   made on first use, kept in the instance's folder: whoever is to trust it is told where it lies
//! door        ends TLS; this machine only, as the gate of plain HTTP
//! names       the instance is called by the name that a request came to, so that its links lead back there
//! ```
//! Nothing trusts the authority by itself. It can vouch for names of this machine and of `service-now.com` only, so
//! that one that got lost is of little use elsewhere.

mod authority;
mod door;
mod names;

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use authority::Authority;
pub(crate) use door::Door;
pub(crate) use names::{ByName, default_issuer};

use crate::{StartError, dev::Storage, gate::Gate};

/// How a development instance speaks HTTPS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Https {
    /// At this address, which is told.
    At(SocketAddr),
    /// At a free port of this machine, for `snowglobe exec`.
    Unannounced,
    /// Not at all.
    Off,
}

/// HTTPS, opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) door: Door,
    pub(crate) address: SocketAddr,
    /// The certificate to trust.
    pub(crate) ca_file: PathBuf,
    /// Whether people are told.
    pub(crate) announced: bool,
    /// A folder that goes with the instance.
    pub(crate) passing: Option<Passing>,
}

/// A folder that is removed when it is not needed any more.
#[derive(Debug)]
pub(crate) struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The folder of the authority, within an instance's.
pub(crate) const FOLDER: &str = "tls";
/// The file of the authority's certificate.
pub(crate) const CA_FILE: &str = "ca.pem";

/// Opens HTTPS as it is asked for.
pub(crate) async fn open(https: Https, storage: &Storage) -> Result<Option<Opened>, StartError> {
    let (address, announced) = match https {
        Https::At(address) => (address, true),
        Https::Unannounced => (SocketAddr::from(([127, 0, 0, 1], 0)), false),
        Https::Off => return Ok(None),
    };
    let (folder, passing) = match storage {
        Storage::Folder(folder) | Storage::Database { folder, .. } => (folder.join(FOLDER), None),
        Storage::Ephemeral => {
            let folder = std::env::temp_dir().join(format!("snowglobe-tls-{}", std::process::id()));
            (folder.clone(), Some(Passing(folder)))
        }
    };
    let authority = Authority::open(&folder)?;
    let listener = crate::instance::listen(address).await?;
    let address = crate::instance::local_address(&listener)?;
    Ok(Some(Opened {
        door: Door::new(Gate::new(listener, Vec::new()), authority),
        address,
        ca_file: absolute(&folder.join(CA_FILE)),
        announced,
        passing,
    }))
}

/// A path that means the same wherever the client is started.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn failed(what: &str, folder: &Path) -> impl FnOnce(io::Error) -> StartError {
    StartError::system(format!("{what} in {}", folder.display()))
}

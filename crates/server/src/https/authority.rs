//! The local certificate authority: one key and one certificate in a folder, and a new server certificate for
//! each run that is asked for one (RFC 5280).

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
    date_time_ymd,
};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::{CA_FILE, failed};
use crate::{StartError, clock, dev::write_private};

const KEY_FILE: &str = "ca.key";

/// The authority of a folder.
pub(super) struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the authority in a folder; it is made if there is none.
    pub(super) fn open(folder: &Path) -> Result<Self, StartError> {
        Ok(Self {
            folder: folder.to_owned(),
            issuer: issuer(folder)?,
        })
    }

    /// Returns what the instance proves its names with: a new key, and a certificate for it.
    pub(super) fn server_config(&self) -> Result<Arc<ServerConfig>, StartError> {
        server_config(&self.folder, &self.issuer)
    }
}

fn server_config(
    folder: &Path,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<Arc<ServerConfig>, StartError> {
    let unmade = |error: rcgen::Error| {
        failed("a certificate cannot be made", folder)(io::Error::other(error))
    };
    let key = KeyPair::generate().map_err(unmade)?;
    let certificate = server_params().signed_by(&key, issuer).map_err(unmade)?;
    let chain = vec![CertificateDer::from(certificate)];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let unusable = |error: tokio_rustls::rustls::Error| {
        failed("the certificate cannot be used", folder)(io::Error::other(error))
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Reads the authority's key, or makes it, and writes the certificate for whoever is to trust it.
fn issuer(folder: &Path) -> Result<Issuer<'static, KeyPair>, StartError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(failed("the authority's folder cannot be made", folder))?;
    let unusable = |error: rcgen::Error| {
        failed("the authority's key cannot be used", folder)(io::Error::other(error))
    };
    let key = match fs::read_to_string(folder.join(KEY_FILE)) {
        Ok(pem) => KeyPair::from_pem(&pem).map_err(unusable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = KeyPair::generate().map_err(unusable)?;
            let written = write_private(&folder.join(KEY_FILE), key.serialize_pem().as_bytes());
            written.map_err(failed("the authority's key cannot be written", folder))?;
            // One certificate for each key: what somebody has copied stays good for as long as the key does.
            let certificate = authority_params().self_signed(&key).map_err(unusable)?;
            let written = fs::write(folder.join(CA_FILE), certificate.pem());
            written.map_err(failed(
                "the authority's certificate cannot be written",
                folder,
            ))?;
            key
        }
        Err(error) => return Err(failed("the authority's key cannot be read", folder)(error)),
    };
    Ok(Issuer::new(authority_params(), key))
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Snowglobe local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    // RFC 5280 §4.2.1.10: it can vouch for nothing else.
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::DnsName("service-now.com".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(CidrSubnet::V6(LOOPBACK_V6, [255; 16])),
        ],
        excluded_subtrees: Vec::new(),
    });
    params
}

const LOOPBACK_V6: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

fn server_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Snowglobe");
    let names = ["localhost", "*.service-now.com"];
    let names = names.iter().filter_map(|name| (*name).try_into().ok());
    params.subject_alt_names = names.map(SanType::DnsName).collect();
    for address in [[127, 0, 0, 1].into(), LOOPBACK_V6.into()] {
        params.subject_alt_names.push(SanType::IpAddress(address));
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    // Some clients take no certificate of more than 825 days, whoever signed it.
    let today = clock::timestamp(clock::machine());
    let year = i32::from(jiff::tz::TimeZone::UTC.to_datetime(today).year());
    params.not_before = date_time_ymd(year - 1, 12, 1);
    params.not_after = date_time_ymd(year + 1, 2, 1);
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_made_once_and_its_key_is_the_owner_s_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::TempDir::new().expect("a folder");
        let tls = folder.path().join("tls");
        let open = || Authority::open(&tls).and_then(|authority| authority.server_config());
        open().expect("a certificate");
        let read = |name: &str| fs::read_to_string(tls.join(name)).expect("a file");
        let (certificate, key) = (read(CA_FILE), read(KEY_FILE));
        assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        open().expect("another certificate");
        assert_eq!((read(CA_FILE), read(KEY_FILE)), (certificate, key));
        let mode = |path: &Path| {
            fs::metadata(path)
                .expect("it is there")
                .permissions()
                .mode()
        };
        assert_eq!(mode(&tls.join(KEY_FILE)) & 0o777, 0o600);
        assert_eq!(mode(&tls) & 0o777, 0o700);
    }

    #[test]
    fn a_damaged_key_is_named_and_not_replaced() {
        let folder = tempfile::TempDir::new().expect("a folder");
        fs::write(folder.path().join(KEY_FILE), "no key").expect("written");
        let error = Authority::open(folder.path())
            .err()
            .expect("it cannot be used");
        assert!(error.to_string().contains("authority's key"), "{error}");
    }
}

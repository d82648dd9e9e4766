//! X.509 certificates, pasted as PEM into `sys_certificate` (RFC 7468, RFC 5280).

use snowglobe_oauth::jose::Certificate;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "certificate",
    run,
    words: &[
        "-----BEGIN CERTIFICATE-----\n",
        "\n-----END CERTIFICATE-----\n",
        "MIIB",
    ],
};

fn run(bytes: &[u8]) {
    let _ = Certificate::from_der(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Certificate::from_pem(text);
    }
}

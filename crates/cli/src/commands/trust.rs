//! Which variables make common runtimes trust an instance's authority.

use std::path::Path;

/// Who reads a variable, its name, and whether it takes the place of the authorities that are trusted otherwise.
pub(crate) struct Variable {
    pub(crate) readers: &'static str,
    pub(crate) name: &'static str,
    pub(crate) replaces: bool,
}

/// The variables; each holds the path of the certificate.
pub(crate) const VARIABLES: [Variable; 8] = [
    variable("Node", "NODE_EXTRA_CA_CERTS", false),
    variable("Python: requests", "REQUESTS_CA_BUNDLE", true),
    variable(
        "Python: ssl, httpx; Ruby, Go, .NET, Rust, OpenSSL",
        "SSL_CERT_FILE",
        true,
    ),
    variable("curl", "CURL_CA_BUNDLE", true),
    variable("git", "GIT_SSL_CAINFO", true),
    variable("Deno", "DENO_CERT", false),
    variable("Perl: LWP", "PERL_LWP_SSL_CA_FILE", true),
    variable("AWS SDKs", "AWS_CA_BUNDLE", true),
];

/// The file that `snowglobe exec` and people make for Java, beside the certificate.
pub(crate) const TRUST_STORE: &str = "truststore.p12";
/// It holds no secret.
pub(crate) const STORE_PASSWORD: &str = "snowglobe";

const fn variable(readers: &'static str, name: &'static str, replaces: bool) -> Variable {
    Variable {
        readers,
        name,
        replaces,
    }
}

/// Returns the variable that tells a Java machine which store to trust.
pub(crate) fn java_options(ca_file: &Path) -> String {
    let store = ca_file.with_file_name(TRUST_STORE);
    format!(
        "-Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}",
        store.display()
    )
}

/// Returns the arguments with which `keytool` makes that store.
pub(crate) fn keytool_arguments(ca_file: &Path) -> Vec<String> {
    let store = ca_file.with_file_name(TRUST_STORE);
    [
        "-importcert",
        "-noprompt",
        "-alias",
        "snowglobe",
        "-storetype",
        "PKCS12",
        "-storepass",
        STORE_PASSWORD,
        "-keystore",
        &store.display().to_string(),
        "-file",
        &ca_file.display().to_string(),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Returns what a person reads who starts an instance with HTTPS.
pub(crate) fn told(ca_file: &Path) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    let path = ca_file.display();
    for variable in &VARIABLES {
        let alone = if variable.replaces {
            "; then no other authority"
        } else {
            ""
        };
        let Variable { readers, name, .. } = variable;
        let _ = writeln!(text, "  export {name}={path}   # {readers}{alone}");
    }
    let _ = writeln!(
        text,
        "  export JAVA_TOOL_OPTIONS='{}'   # Java, after:\n  keytool {}",
        java_options(ca_file),
        keytool_arguments(ca_file).join(" ")
    );
    text
}

//! What known clients read from their environment. The names are theirs.

/// A client that has users, and reads its settings from variables.
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) variables: &'static [(&'static str, Value)],
    /// What else there is to say.
    pub(super) note: Option<&'static str>,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Text(&'static str),
    Url,
    SecureUrl,
    /// The host and port of it.
    SecureHost,
    CaFile,
    Password,
    ClientId,
    ClientSecret,
    PublicClientId,
    ApiKey,
    TokenUrl,
    AuthUrl,
}

use Value::{
    ApiKey, AuthUrl, CaFile, ClientId, ClientSecret, Password, PublicClientId, SecureHost,
    SecureUrl, Text, TokenUrl, Url,
};

const ADMIN: Value = Text("admin");

const fn client(
    name: &'static str,
    about: &'static str,
    variables: &'static [(&'static str, Value)],
) -> Known {
    Known {
        name,
        about,
        variables,
        note: None,
    }
}

const fn with_note(
    name: &'static str,
    about: &'static str,
    variables: &'static [(&'static str, Value)],
    note: &'static str,
) -> Known {
    Known {
        note: Some(note),
        ..client(name, about, variables)
    }
}

pub(super) const CLIENTS: &[Known] = &[
    with_note(
        "ansible",
        "the Ansible collections servicenow.itsm and servicenow.servicenow",
        &[
            ("SN_HOST", SecureUrl),
            ("SN_INSTANCE", SecureHost),
            ("SN_USERNAME", ADMIN),
            ("SN_PASSWORD", Password),
            ("SN_CLIENT_ID", ClientId),
            ("SN_CLIENT_SECRET", ClientSecret),
            ("SN_GRANT_TYPE", Text("password")),
            ("REQUESTS_CA_BUNDLE", CaFile),
            ("SSL_CERT_FILE", CaFile),
        ],
        "servicenow.servicenow takes *.service-now.com only: run it with snowglobe exec",
    ),
    client(
        "curl",
        "shell scripts",
        &[
            ("SNOW_URL", Url),
            ("SNOW_USER", ADMIN),
            ("SNOW_PASSWORD", Password),
            ("SNOW_CLIENT_ID", ClientId),
            ("SNOW_CLIENT_SECRET", ClientSecret),
            ("SNOW_PUBLIC_CLIENT_ID", PublicClientId),
            ("SNOW_API_KEY", ApiKey),
        ],
    ),
    client(
        "mcp-server-servicenow",
        "MCP server (PyPI); also echelon's servicenow-mcp",
        &[
            ("SERVICENOW_INSTANCE_URL", Url),
            ("SERVICENOW_AUTH_TYPE", Text("oauth")),
            ("SERVICENOW_CLIENT_ID", ClientId),
            ("SERVICENOW_CLIENT_SECRET", ClientSecret),
            ("SERVICENOW_USERNAME", ADMIN),
            ("SERVICENOW_PASSWORD", Password),
            ("SERVICENOW_TOKEN_URL", TokenUrl),
        ],
    ),
    client(
        "mfa-servicenow-mcp",
        "MCP server (PyPI)",
        &[
            ("SERVICENOW_INSTANCE_URL", Url),
            ("SERVICENOW_AUTH_TYPE", Text("api_key")),
            ("SERVICENOW_API_KEY", ApiKey),
            ("SERVICENOW_API_KEY_HEADER", Text("x-sn-apikey")),
        ],
    ),
    client(
        "now-sdk",
        "ServiceNow's own developer CLI, @servicenow/sdk",
        &[
            ("SN_SDK_NODE_ENV", Text("SN_SDK_CI_INSTALL")),
            ("SN_SDK_INSTANCE_URL", Url),
            ("SN_SDK_AUTH_TYPE", Text("basic")),
            ("SN_SDK_USER", ADMIN),
            ("SN_SDK_USER_PWD", Password),
            ("SN_SDK_OAUTH_CLIENT_ID", ClientId),
            ("SN_SDK_OAUTH_CLIENT_SECRET", ClientSecret),
        ],
    ),
    client(
        "oauth",
        "generic OAuth libraries",
        &[
            ("OAUTH_CLIENT_ID", ClientId),
            ("OAUTH_CLIENT_SECRET", ClientSecret),
            ("OAUTH_TOKEN_URL", TokenUrl),
            ("OAUTH_AUTHORIZE_URL", AuthUrl),
            ("OAUTHLIB_INSECURE_TRANSPORT", Text("1")),
            ("AUTHLIB_INSECURE_TRANSPORT", Text("1")),
        ],
    ),
    client(
        "pysnc",
        "ServiceNow's own Python client, and its tests",
        &[
            ("PYSNC_SERVER", SecureUrl),
            ("PYSNC_USERNAME", ADMIN),
            ("PYSNC_PASSWORD", Password),
            ("PYSNC_CLIENT_ID", ClientId),
            ("PYSNC_CLIENT_SECRET", ClientSecret),
            ("REQUESTS_CA_BUNDLE", CaFile),
            ("SSL_CERT_FILE", CaFile),
        ],
    ),
    client(
        "servicenow-cli",
        "the Rust command line servicenow (PyPI, crates.io)",
        &[
            ("SERVICENOW_INSTANCE", Url),
            ("SERVICENOW_AUTH_TYPE", Text("basic")),
            ("SERVICENOW_USERNAME", ADMIN),
            ("SERVICENOW_PASSWORD", Password),
        ],
    ),
    client(
        "steampipe",
        "the Steampipe plug-in servicenow",
        &[
            ("SERVICENOW_INSTANCE_URL", Url),
            ("SERVICENOW_USERNAME", ADMIN),
            ("SERVICENOW_PASSWORD", Password),
            ("SERVICENOW_CLIENT_ID", ClientId),
            ("SERVICENOW_CLIENT_SECRET", ClientSecret),
        ],
    ),
    client(
        "terraform",
        "Terraform providers of ServiceNow records",
        &[
            ("SERVICENOW_INSTANCE_URL", Url),
            ("SERVICENOW_USERNAME", ADMIN),
            ("SERVICENOW_PASSWORD", Password),
        ],
    ),
];

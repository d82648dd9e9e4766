//! One row for every token that was issued (`inbound-oauth.md` §4.1). The token itself is in no row: it names
//! this row by `token_id` and proves itself.

use crate::base::spec::{
    Choice, Table,
    column::{date_time, integer, longint, password2, rare_reference, reference, string},
};

const TYPE: &[Choice] = &[
    ("access_token", "Access Token"),
    ("refresh_token", "Refresh Token"),
];

pub(crate) const TABLES: &[Table] =
    &[
        Table::root("oauth_credential", "OAuth Credential").columns(&[
            string("name", "Name", 255).display(),
            string("type", "Type", 40).choices(TYPE),
            // Revocation moves it into the past.
            date_time("expires", "Expires").indexed(),
            reference("user", "User", "sys_user"),
            rare_reference("peer", "OAuth entity", "oauth_entity"),
            string("scope", "Scope", 1000),
            // Our own: the resource servers it is for (RFC 8707), separated by spaces; empty: this instance.
            string("resource", "Resource", 4000),
            // Also the row's number in the database, so it needs no index.
            longint("token_id", "Token ID"),
            // The `token_id` of the refresh token it came from.
            longint("family", "Token family"),
            // How often the refresh token has been rotated.
            integer("generation", "Generation"),
            date_time("rotated_at", "Rotated at"),
            integer("key_id", "Key ID"),
            date_time("revoked_at", "Revoked at"),
            // Always empty for tokens that this instance issued. `token_received` is what another provider gave for
            // the requestor profile; sealed.
            password2("token", "Token"),
            password2("token_received", "Token received"),
            rare_reference(
                "oauth_requestor_profile",
                "OAuth Requestor Profile",
                "oauth_requestor_profile",
            ),
        ]),
    ];

//! What people have allowed applications. Not a table of ServiceNow's: where it keeps consent is not public
//! (`inbound-oauth.md` §2.1). Whoever deletes a row is asked again.

use crate::base::spec::{
    Table,
    column::{reference, string},
};

pub(crate) const TABLES: &[Table] = &[Table::root("oauth_consent", "OAuth Consent").columns(&[
    string("name", "Name", 255).display(),
    reference("user", "User", "sys_user"),
    reference("oauth_entity", "Application", "oauth_entity"),
    // Names separated by spaces.
    string("scope", "Scope", 4000),
    // The key of the log-in session in which it was given; where consent lasts no longer, it is compared.
    string("session", "Session", 64),
])];

//! Who asked for tokens of another provider, with which profile, and how that stands (`outbound-oauth.md` §7.1).
//!
//! The instance writes these rows; people read them, and delete one to make the instance forget its tokens.

use crate::base::spec::{
    Choice, Table,
    column::{boolean, date_time, integer, reference, string},
};

/// The states that a person can read; `oauth::outbound::Standing` decides.
const STATE: &[Choice] = &[
    ("healthy", "Healthy"),
    ("expiring", "Expiring"),
    ("retrying", "Retrying"),
    ("needs_consent", "Needs consent"),
    ("broken", "Broken"),
];

pub(crate) const TABLES: &[Table] =
    &[
        Table::root("oauth_requestor_profile", "OAuth Requestor Profile").columns(&[
            string("name", "Name", 255).display(),
            string("requestor_context", "Requestor context", 80),
            string("requestor_id", "Requestor", 32).indexed(),
            reference(
                "oauth_entity_profile",
                "OAuth Entity Profile",
                "oauth_entity_profile",
            ),
            reference("oauth_entity", "OAuth provider", "oauth_entity"),
            boolean("personal", "Personal"),
            reference("user", "User", "sys_user"),
            // Our own, from here on: how the tokens stand.
            string("state", "State", 40).optional_choices(STATE),
            // A code of `docs/reasons.md`, and what the provider said.
            string("reason", "Reason", 80),
            string("detail", "Detail", 1000),
            date_time("expires", "Access token expires"),
            date_time("refresh_expires", "Refresh token expires"),
            date_time("obtained", "Last token"),
            integer("failures", "Failures since"),
        ]),
    ];

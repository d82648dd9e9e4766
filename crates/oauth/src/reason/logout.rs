//! Logging out for a client.

use super::{Reason, Who};

pub(super) const REASONS: &[Reason] = &[
    Reason {
        code: "id_token_hint_no_id_token",
        who: Who::Client,
        rule: "OpenID Connect RP-Initiated Logout §2; RFC 8725 §3.12",
        what: "The id_token_hint is signed here, and is no ID token.",
        here: "Send the ID token of the last log-in; it may have expired.",
        there: "A real instance has no such endpoint.",
    },
    Reason {
        code: "logout_clients_differ",
        who: Who::Client,
        rule: "OpenID Connect RP-Initiated Logout §2",
        what: "The client_id is not the client that the id_token_hint was issued to.",
        here: "Leave client_id out, or send the client’s own.",
        there: "A real instance has no such endpoint.",
    },
    Reason {
        code: "logout_client_unknown",
        who: Who::Client,
        rule: "OpenID Connect RP-Initiated Logout §3",
        what: "The post_logout_redirect_uri belongs to no active client that the request names.",
        here: "Send the id_token_hint or the client_id with it.",
        there: "A real instance has no such endpoint.",
    },
    Reason {
        code: "post_logout_redirect_uri_mismatch",
        who: Who::Administrator,
        rule: "OpenID Connect RP-Initiated Logout §3; security.md 5",
        what: "The post_logout_redirect_uri is not registered for the client, byte by byte.",
        here: "Add it to the field Post Logout Redirect URL of the application.",
        there: "A real instance has no such endpoint.",
    },
];

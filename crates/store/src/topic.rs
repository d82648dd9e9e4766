//! What nodes keep in memory and must read again when it changes.

use snowglobe_records::Table;

/// A cached subject. A write that touches it announces it to the other nodes and counts its version up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Tables, columns, choices, numbers.
    Dictionary,
    /// Access rules.
    Rules,
    /// The application registry.
    Clients,
    /// Business rules, data policies, and which writes start flows.
    Declared,
    /// System properties.
    Properties,
    /// People and their roles.
    Users,
    /// Tokens that no longer count.
    Revocations,
    /// The keys that tokens are signed with.
    Keys,
    /// Scope texts.
    Scopes,
    /// Auth scopes and access policies of REST APIs.
    ApiAccess,
    /// The records of outbound calls.
    Outbound,
    /// Flows.
    Flows,
    /// How far the instance's time is from the machine's.
    Clock,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 13] = [
        Self::Dictionary,
        Self::Rules,
        Self::Clients,
        Self::Declared,
        Self::Properties,
        Self::Users,
        Self::Revocations,
        Self::Keys,
        Self::Scopes,
        Self::ApiAccess,
        Self::Outbound,
        Self::Flows,
        Self::Clock,
    ];

    /// Returns its name in announcements and in `sg_version`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dictionary => "dictionary",
            Self::Rules => "rules",
            Self::Clients => "clients",
            Self::Declared => "declared",
            Self::Properties => "properties",
            Self::Users => "users",
            Self::Revocations => "revocations",
            Self::Keys => "keys",
            Self::Scopes => "scopes",
            Self::ApiAccess => "api_access",
            Self::Outbound => "outbound",
            Self::Flows => "flows",
            Self::Clock => "clock",
        }
    }

    /// Returns the topic of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// Returns the topics that a write to a table touches: the table's own, and those of what it extends, for its
    /// rows are theirs too.
    pub fn of_table(table: &Table) -> impl Iterator<Item = Self> {
        let family = std::iter::once(table.name()).chain(table.ancestors());
        family.flat_map(|name| Self::of_name(name)).copied()
    }

    fn of_name(name: &str) -> &'static [Self] {
        match name {
            "sys_db_object"
            | "sys_dictionary"
            | "sys_dictionary_override"
            | "sys_choice"
            // Labels of columns are the dictionary's.
            | "sys_documentation"
            | "sys_number" => &[Self::Dictionary],
            "sys_security_acl" | "sys_security_acl_role" => &[Self::Rules],
            "sys_script" | "sys_data_policy2" | "sys_data_policy_rule" => &[Self::Declared],
            "sys_hub_flow" | "sys_hub_trigger_instance" => &[Self::Declared, Self::Flows],
            "sys_hub_action_instance" => &[Self::Flows],
            "sys_properties" => &[Self::Properties],
            // Rules name roles.
            "sys_user_role" => &[Self::Users, Self::Rules, Self::ApiAccess],
            "sys_user"
            | "sys_user_group"
            | "sys_user_has_role"
            | "sys_user_grmember"
            | "sys_group_has_role"
            | "sys_user_role_contains" => &[Self::Users],
            "oauth_jwt"
            | "oauth_oidc_entity"
            | "oauth_jwt_claim_validation"
            | "jwt_verifier_map"
            | "sys_certificate"
            | "oidc_provider_configuration" => &[Self::Clients],
            "sys_auth_scope" => &[Self::Clients, Self::ApiAccess],
            "sys_api_access_scope"
            | "sys_api_access_policy"
            | "inbound_auth_profile"
            | "api_key"
            | "sys_auth_profile_mapping"
            | "auth_policy_mapping"
            | "sys_authentication_policy"
            | "sys_authentication_policy_criteria_m2m"
            | "sys_auth_policy_condition"
            | "sys_auth_filter_criteria"
            | "sys_ip_address_range"
            | "sys_ip_address_subnet"
            | "sys_auth_policy_criteria_role"
            | "sys_auth_policy_criteria_group"
            | "sys_cors_rule"
            | "sys_rate_limit_rules"
            | "sys_ws_definition" => &[Self::ApiAccess],
            "jwt_keystore_aliases"
            | "jwt_provider"
            | "jwt_claim_validation"
            | "discovery_credentials"
            | "sys_connection"
            | "sys_alias"
            | "sys_alias_access"
            | "sys_retry_policy"
            | "sys_auth_profile_basic" => &[Self::Outbound],
            name if name.starts_with("sys_rest_message") => &[Self::Outbound],
            name if name.starts_with("oauth_entity") => &[Self::Clients, Self::Outbound],
            _ => &[],
        }
    }
}

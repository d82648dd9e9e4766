//! Rules for people, groups, roles and the organisation around them.
//!
//! `user_admin` must not be a way to `admin`: only admin grants roles, to people or to groups, and sets
//! other people's passwords.

use super::rule::{CHANGE, Rule, allow, allow_when, deny_unless};

const MYSELF: &str = "sys_id=javascript:gs.getUserID()";

pub(super) const RULES: &[Rule] = &[
    allow("sys_user", "read", &["public"]),
    allow("sys_user", CHANGE, &["user_admin"]),
    allow_when("sys_user", "write", MYSELF).because("People keep their own record up to date."),
    allow("sys_user.*", "write", &["user_admin"]),
    allow("sys_user.user_password", "create", &["user_admin"]),
    own_field("sys_user.user_password"),
    deny_unless("sys_user.user_password", "write", MYSELF)
        .because("Only admin sets the password of somebody else."),
    own_field("sys_user.phone"),
    own_field("sys_user.mobile_phone"),
    own_field("sys_user.home_phone"),
    own_field("sys_user.street"),
    own_field("sys_user.city"),
    own_field("sys_user.state"),
    own_field("sys_user.zip"),
    own_field("sys_user.country"),
    own_field("sys_user.photo"),
    own_field("sys_user.time_zone"),
    own_field("sys_user.date_format"),
    own_field("sys_user.time_format"),
    own_field("sys_user.preferred_language"),
    own_field("sys_user.notification"),
    allow("sys_user.failed_attempts", "read", &["user_admin"]),
    allow("sys_user.last_login", "read", &["user_admin"]),
    allow("sys_user.last_login_time", "read", &["user_admin"]),
    allow("sys_user.last_login_device", "read", &["user_admin"]),
    allow("sys_user.locked_out", "read", &["user_admin"]),
    allow("sys_user.password_needs_reset", "read", &["user_admin"]),
    allow("sys_user.enable_multifactor_authn", "read", &["user_admin"]),
    allow("sys_user_group", "read", &["public"]),
    allow("sys_user_group", "create write", &["itil", "user_admin"]),
    allow("sys_user_group", "delete", &["user_admin"]),
    allow("sys_user_grmember", "read", &["public"]),
    allow("sys_user_grmember", CHANGE, &["user_admin"]),
    allow("sys_user_role", "read", &["itil", "user_admin"]),
    allow("sys_user_role_contains", "read", &["itil", "user_admin"]),
    allow("sys_user_has_role", "read", &["itil"]),
    allow("sys_group_has_role", "read", &["itil"]),
    allow("core_company", "read", &["public"]),
    allow("core_company", CHANGE, &["user_admin"]),
    allow("cmn_department", "read", &["public"]),
    allow("cmn_department", CHANGE, &["user_admin"]),
    allow("cmn_location", "read", &["public"]),
    allow("cmn_location", "create write", &["user_admin"]),
    allow("cmn_cost_center", "read", &["public"]),
];

const fn own_field(name: &'static str) -> Rule {
    allow_when(name, "write", MYSELF)
}

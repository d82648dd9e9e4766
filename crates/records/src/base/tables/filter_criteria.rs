//! Filter criteria and the authentication policies made of them (`inbound-oauth.md` §5.2). Tables are named as they are
//! seen on instances; columns whose names are not public have ours.

use crate::base::spec::{
    Table,
    column::{boolean, integer, reference, string},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_auth_filter_criteria", "Filter Criteria")
        .extendable()
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            string("description", "Description", 1000),
        ]),
    Table::extending(
        "sys_ip_filter_criteria",
        "IP Filter Criteria",
        "sys_auth_filter_criteria",
    ),
    Table::extending(
        "sys_role_filter_criteria",
        "Role Filter Criteria",
        "sys_auth_filter_criteria",
    ),
    Table::extending(
        "sys_group_filter_criteria",
        "Group Filter Criteria",
        "sys_auth_filter_criteria",
    ),
    Table::root("sys_ip_address_range", "IP Range").columns(&[
        reference("criteria", "IP Filter Criteria", "sys_ip_filter_criteria").mandatory(),
        string("range_start", "Start IP", 45).mandatory(),
        string("range_end", "End IP", 45),
    ]),
    Table::root("sys_ip_address_subnet", "Subnet (CIDR)").columns(&[
        reference("criteria", "IP Filter Criteria", "sys_ip_filter_criteria").mandatory(),
        string("network", "Network IP", 45).mandatory(),
        integer("netmask", "Netmask"),
    ]),
    Table::root("sys_auth_policy_criteria_role", "Role for criteria").columns(&[
        reference(
            "criteria",
            "Role Filter Criteria",
            "sys_role_filter_criteria",
        )
        .mandatory(),
        reference("role", "Role", "sys_user_role").mandatory(),
    ]),
    Table::root("sys_auth_policy_criteria_group", "Group for criteria").columns(&[
        reference(
            "criteria",
            "Group Filter Criteria",
            "sys_group_filter_criteria",
        )
        .mandatory(),
        reference("group", "Group", "sys_user_group").mandatory(),
    ]),
    Table::root("sys_authentication_policy", "Policy")
        .audited()
        .columns(&[
            string("name", "Name", 100).mandatory().display(),
            boolean("active", "Active").default("true"),
            string("description", "Description", 1000),
        ]),
    Table::root(
        "sys_authentication_policy_criteria_m2m",
        "List of filter criteria",
    )
    .columns(&[
        reference("policy", "Policy", "sys_authentication_policy").mandatory(),
        reference(
            "sys_auth_filter_criteria",
            "Filter Criteria",
            "sys_auth_filter_criteria",
        )
        .mandatory(),
    ]),
    Table::root("sys_auth_policy_condition", "Policy Condition").columns(&[
        reference("policy", "Policy", "sys_authentication_policy").mandatory(),
        string("label", "Label", 100).display(),
        string("condition", "Condition", 1000).mandatory(),
    ]),
    Table::root("auth_policy_mapping", "Authentication Policy Mapping").columns(&[
        reference(
            "inbound_auth_profile",
            "Inbound Authentication Profile",
            "inbound_auth_profile",
        )
        .mandatory(),
        reference("policy", "Policy", "sys_authentication_policy").mandatory(),
    ]),
];

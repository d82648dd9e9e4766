//! Groups, roles, and who has which (`rest-and-records.md` §15.2).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, email, integer, list, rare_reference, reference, string, typed},
};

const STATE: &[Choice] = &[("active", "Active"), ("requested", "Requested")];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_user_group", "Group")
        .extendable()
        .audited()
        .columns(&[
            string("name", "Name", 80).unique().indexed().display(),
            string("description", "Description", 1000),
            reference("manager", "Manager", "sys_user"),
            reference("parent", "Parent", "sys_user_group"),
            email("email", "Group email"),
            string("type", "Type", 1024),
            boolean("active", "Active").default("true"),
            rare_reference("default_assignee", "Default assignee", "sys_user"),
            boolean("include_members", "Include members"),
            boolean("exclude_manager", "Exclude manager"),
            string("source", "Source", 255),
            rare_reference("cost_center", "Cost center", "cmn_cost_center"),
        ]),
    Table::root("sys_user_grmember", "Group Member")
        .audited()
        .columns(&[
            reference("user", "User", "sys_user").mandatory(),
            reference("group", "Group", "sys_user_group").mandatory(),
        ]),
    Table::extending("sys_user_role", "Role", "sys_metadata").columns(&[
        string("name", "Name", 100)
            .mandatory()
            .unique()
            .indexed()
            .display(),
        string("suffix", "Suffix", 100),
        string("description", "Description", 1000),
        boolean("elevated_privilege", "Elevated privilege"),
        rare_reference("assignable_by", "Assignable by", "sys_user_role"),
        boolean("grantable", "Grantable").default("true"),
        boolean("can_delegate", "Can delegate"),
        boolean("requires_subscription", "Subscription required"),
        typed("includes_roles", "Includes roles", "user_roles", 40),
        boolean("scoped_admin", "Application Administrator"),
    ]),
    Table::root("sys_user_role_contains", "Contained Role").columns(&[
        reference("role", "Role", "sys_user_role").mandatory(),
        reference("contains", "Contains", "sys_user_role").mandatory(),
    ]),
    Table::root("sys_user_has_role", "User Role")
        .audited()
        .columns(&[
            reference("user", "User", "sys_user").mandatory(),
            reference("role", "Role", "sys_user_role").mandatory(),
            rare_reference("granted_by", "Granted by", "sys_user_group"),
            boolean("inherited", "Inherited"),
            integer("inh_count", "Inheritance Count"),
            string("inh_map", "Inheritance Map", 4000),
            string("state", "State", 40)
                .default("active")
                .choices(STATE),
            list("included_in_role", "Included in role", "sys_user_role"),
        ]),
    Table::root("sys_group_has_role", "Group Role")
        .audited()
        .columns(&[
            reference("group", "Group", "sys_user_group").mandatory(),
            reference("role", "Role", "sys_user_role").mandatory(),
            rare_reference("granted_by", "Granted by", "sys_user_group"),
            boolean("inherits", "Inherits").default("true"),
        ]),
];

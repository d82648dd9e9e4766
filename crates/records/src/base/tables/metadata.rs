//! `sys_metadata`, the root of everything that configures an instance, and the scopes it is sorted into
//! (`rest-and-records.md` §13.1, §13.3).

use crate::base::spec::{
    Table,
    column::{boolean, rare_reference, string},
};

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_metadata", "Application File")
        .extendable()
        .columns(&[
            string("sys_name", "Display name", 255),
            rare_reference("sys_scope", "Application", "sys_scope").default("global"),
            rare_reference("sys_package", "Package", "sys_package").default("global"),
            string("sys_policy", "Protection policy", 40),
            string("sys_update_name", "Update name", 250),
        ]),
    Table::root("sys_package", "Package")
        .extendable()
        .columns(&[
            string("name", "Name", 100).display(),
            string("source", "ID", 100),
            string("version", "Version", 40),
            boolean("active", "Active").default("true"),
        ]),
    Table::extending("sys_scope", "Application", "sys_package")
        .extendable()
        .columns(&[string("scope", "Scope", 40).unique()]),
];

//! System properties (`inbound-oauth.md` §7).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, string, typed},
};

const PROPERTY_TYPE: &[Choice] = &[
    ("string", "string"),
    ("integer", "integer"),
    ("boolean", "true | false"),
    ("choicelist", "choice list"),
    ("password2", "password2"),
    ("timezone", "timezone"),
    ("date_format", "date_format"),
    ("time_format", "time_format"),
];
pub(crate) const TABLES: &[Table] =
    &[
        Table::extending("sys_properties", "System Property", "sys_metadata").columns(&[
            string("name", "Name", 100)
                .mandatory()
                .unique()
                .indexed()
                .display(),
            string("value", "Value", 4000),
            string("type", "Type", 40)
                .default("string")
                .choices(PROPERTY_TYPE),
            string("suffix", "Suffix", 100),
            string("description", "Description", 512),
            string("choices", "Choices", 4000),
            typed("read_roles", "Read roles", "user_roles", 255),
            typed("write_roles", "Write roles", "user_roles", 255),
            boolean("private", "Private"),
            boolean("is_private", "Is private"),
            boolean("ignore_cache", "Ignore cache"),
        ]),
    ];

//! A built-in column as a constant: one function for each type, refined by methods.

use super::table::assert_name;

/// What is stored and what is shown.
pub(crate) type Choice = (&'static str, &'static str);

/// A column that a built-in table declares.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the dictionary's, each a column"
)]
pub(crate) struct Column {
    pub(crate) element: &'static str,
    pub(crate) label: &'static str,
    pub(crate) internal_type: &'static str,
    pub(crate) max_length: u32,
    pub(crate) reference: Option<&'static str>,
    pub(crate) default_value: &'static str,
    pub(crate) mandatory: bool,
    pub(crate) read_only: bool,
    pub(crate) unique: bool,
    pub(crate) display: bool,
    pub(crate) indexed: bool,
    pub(crate) choice: u8,
    pub(crate) choices: &'static [Choice],
}

/// The text that makes an insert take the table's next number.
pub(crate) const NEXT_NUMBER: &str = "javascript:getNextObjNumberPadded();";
/// The text that makes an insert take the caller's `sys_id`.
pub(crate) const CALLER: &str = "javascript:gs.getUserID();";
/// The text that makes an insert take the time of the insert.
pub(crate) const NOW: &str = "javascript:gs.nowDateTime();";

/// A column of any type.
pub(crate) const fn typed(
    element: &'static str,
    label: &'static str,
    internal_type: &'static str,
    max_length: u32,
) -> Column {
    assert_name(element);
    Column {
        element,
        label,
        internal_type,
        max_length,
        reference: None,
        default_value: "",
        mandatory: false,
        read_only: false,
        unique: false,
        display: false,
        indexed: false,
        choice: 0,
        choices: &[],
    }
}

pub(crate) const fn string(element: &'static str, label: &'static str, max_length: u32) -> Column {
    typed(element, label, "string", max_length)
}

pub(crate) const fn url(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "url", 1024)
}

pub(crate) const fn email(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "email", 100)
}

pub(crate) const fn phone(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "phone_number_e164", 40)
}

/// An encoded query.
pub(crate) const fn conditions(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "conditions", 4000)
}

pub(crate) const fn script(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "script", 8000)
}

pub(crate) const fn integer(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "integer", 40)
}

pub(crate) const fn longint(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "longint", 40)
}

pub(crate) const fn price(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "price", 20)
}

/// False unless the default says otherwise.
pub(crate) const fn boolean(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "boolean", 40).default("false")
}

pub(crate) const fn date(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "glide_date", 40)
}

pub(crate) const fn date_time(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "glide_date_time", 40)
}

pub(crate) const fn duration(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "glide_duration", 40)
}

/// The name of a table.
pub(crate) const fn table_name(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "table_name", 80)
}

/// A row of another table; indexed, because references are what rows are looked up by.
pub(crate) const fn reference(
    element: &'static str,
    label: &'static str,
    table: &'static str,
) -> Column {
    typed(element, label, "reference", 32).to(table).indexed()
}

/// A reference that nobody looks rows up by: an index would only cost.
pub(crate) const fn rare_reference(
    element: &'static str,
    label: &'static str,
    table: &'static str,
) -> Column {
    typed(element, label, "reference", 32).to(table)
}

/// Several rows of another table.
pub(crate) const fn list(
    element: &'static str,
    label: &'static str,
    table: &'static str,
) -> Column {
    typed(element, label, "glide_list", 4000).to(table)
}

pub(crate) const fn journal_input(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "journal_input", 4000)
}

/// What must be recovered or compared, and is never read back.
pub(crate) const fn password2(element: &'static str, label: &'static str) -> Column {
    typed(element, label, "password2", 4096)
}

/// The two columns that tell the domain of a row (`rest-and-records.md` §13.3); there is only the global one.
pub(crate) const DOMAIN: Column = typed("sys_domain", "Domain", "domain_id", 32)
    .to("sys_user_group")
    .default("global");
pub(crate) const DOMAIN_PATH: Column =
    typed("sys_domain_path", "Domain Path", "domain_path", 255).default("/");
/// Tags are kept elsewhere; the column is always empty (§13.3).
pub(crate) const TAGS: Column = typed("sys_tags", "Tags", "related_tags", 255).read_only();

impl Column {
    const fn to(mut self, table: &'static str) -> Self {
        assert_name(table);
        self.reference = Some(table);
        self
    }

    pub(crate) const fn default(mut self, value: &'static str) -> Self {
        self.default_value = value;
        self
    }

    pub(crate) const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    pub(crate) const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub(crate) const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Makes it the column that stands for a row where the row is referenced.
    pub(crate) const fn display(mut self) -> Self {
        self.display = true;
        self
    }

    pub(crate) const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// Binds the column to these values (dropdown without *none*).
    pub(crate) const fn choices(mut self, choices: &'static [Choice]) -> Self {
        self.choice = 3;
        self.choices = choices;
        self
    }

    /// Binds the column to these values or none (dropdown with *none*).
    pub(crate) const fn optional_choices(mut self, choices: &'static [Choice]) -> Self {
        self.choice = 1;
        self.choices = choices;
        self
    }

    /// Offers these values and takes any.
    pub(crate) const fn suggestions(mut self, choices: &'static [Choice]) -> Self {
        self.choice = 2;
        self.choices = choices;
        self
    }
}

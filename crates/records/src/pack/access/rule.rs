//! An access control rule as a constant.

/// Who may do what with the rows of a table, or with a field of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// `incident` or `incident.number`; `*` stands for any.
    pub(super) name: &'static str,
    /// Separated by blanks.
    pub(super) operations: &'static str,
    /// One of them is enough.
    pub(super) roles: &'static [&'static str],
    /// What the row must match as well; `""` for any row.
    pub(super) condition: &'static str,
    /// `allow` or `deny`: failing a rule that denies is final.
    pub(super) decision_type: &'static str,
    pub(super) description: &'static str,
}

/// All four things that can be done with a row.
pub(super) const ALL: &str = "create read write delete";
/// The three that change it.
pub(super) const CHANGE: &str = "create write delete";

/// Whoever has one of the roles.
pub(super) const fn allow(
    name: &'static str,
    operations: &'static str,
    roles: &'static [&'static str],
) -> Rule {
    Rule {
        name,
        operations,
        roles,
        condition: "",
        decision_type: "allow",
        description: "",
    }
}

/// Whoever has signed in, whatever their roles, where the row is theirs.
pub(super) const fn allow_when(
    name: &'static str,
    operations: &'static str,
    condition: &'static str,
) -> Rule {
    Rule {
        name,
        operations,
        roles: &[],
        condition,
        decision_type: "allow",
        description: "",
    }
}

/// Nobody but admin, whatever other rules say, unless the row is theirs.
pub(super) const fn deny_unless(
    name: &'static str,
    operations: &'static str,
    condition: &'static str,
) -> Rule {
    Rule {
        name,
        operations,
        roles: &[],
        condition,
        decision_type: "deny",
        description: "",
    }
}

impl Rule {
    /// Says why the rule is as it is.
    pub(super) const fn because(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }
}

//! The steps of a flow, as they are written down.

use super::FlowFault;

/// `sys_hub_action_instance`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowStep {
    /// The key of its record.
    pub sys_id: Box<str>,
    /// What later steps call it.
    pub name: Box<str>,
    /// Lower first.
    pub order: i64,
    /// What it does.
    pub kind: StepKind,
    /// What it takes from an answer, one in a line.
    pub mappings: Box<str>,
    /// How it is tried again; `None`: as the message or the alias says.
    pub retry_policy: Option<Box<str>>,
    /// The flow goes on when it fails.
    pub goes_on: bool,
}

/// What a step does. All texts are templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Calls by an alias.
    RestByAlias {
        /// The alias's key.
        alias: Box<str>,
        /// As it is written.
        method: Box<str>,
        /// Under the connection's URL.
        path: Box<str>,
        /// `Name: value` in each line.
        headers: Box<str>,
        /// The body.
        body: Box<str>,
    },
    /// Runs a function of a REST message.
    RestMessage {
        /// The function's key.
        function: Box<str>,
        /// `name=value` in each line.
        variables: Box<str>,
    },
    /// Makes a record.
    CreateRecord {
        /// In this table.
        table: Box<str>,
        /// `element=value` in each line.
        values: Box<str>,
    },
    /// Changes a record.
    UpdateRecord {
        /// In this table; empty: the trigger's.
        table: Box<str>,
        /// Its key; empty: the trigger's record.
        record: Box<str>,
        /// `element=value` in each line.
        values: Box<str>,
    },
    /// Nothing that is known here.
    Unknown(Box<str>),
}

/// Reads lines of names and values. A value ends with its line; empty lines say nothing.
///
/// # Errors
/// [`FlowFault::Line`] with the first line that is no pair.
pub fn pairs(text: &str, between: char) -> Result<Vec<(&str, &str)>, FlowFault> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| match line.split_once(between) {
            Some((name, value)) if !name.trim().is_empty() => Ok((name.trim(), value.trim())),
            _ => Err(FlowFault::Line(line.into())),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_pair() {
        let text = " short_description = a = b \n\nstate=2\nempty=";
        let expected = [
            ("short_description", "a = b"),
            ("state", "2"),
            ("empty", ""),
        ];
        assert_eq!(pairs(text, '=').expect("pairs"), expected);
        assert_eq!(pairs("X-A: b:c", ':').expect("pairs"), [("X-A", "b:c")]);
        assert_eq!(pairs("a=1\nb", '='), Err(FlowFault::Line("b".into())));
        assert_eq!(pairs("=1", '='), Err(FlowFault::Line("=1".into())));
    }
}

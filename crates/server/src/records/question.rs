//! What a request asked of records: enough to look at it again when somebody wonders (`snowglobe explain`).

use std::sync::Arc;

use snowglobe_records::{Table, acl::Operation};

/// What a request asked of the records of a table. Only what names fields and rows is in it: no body, no credentials.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) table: Arc<str>,
    pub(crate) operation: Operation,
    /// The record, where one was named.
    pub(crate) sys_id: Option<Box<str>>,
    /// `sysparm_query`.
    pub(crate) query: Option<Box<str>>,
    /// `name=value` parameters whose names are fields.
    pub(crate) filters: Vec<(Box<str>, Box<str>)>,
    /// `sysparm_fields`.
    pub(crate) fields: Option<Box<str>>,
}

impl Question {
    /// Returns a question about a table.
    pub(crate) fn about(table: &Table, operation: Operation) -> Self {
        Self {
            table: table.name().shared(),
            operation,
            sys_id: None,
            query: None,
            filters: Vec::new(),
            fields: None,
        }
    }

    /// Names the record.
    pub(crate) fn of(self, sys_id: &str) -> Self {
        Self {
            sys_id: Some(cut(sys_id)),
            ..self
        }
    }

    /// Adds an encoded query and fields.
    pub(crate) fn with(self, query: Option<&str>, fields: Option<&str>) -> Self {
        Self {
            query: query.map(cut),
            fields: fields.map(cut),
            ..self
        }
    }

    /// Adds the parameters that are filters.
    pub(crate) fn filtered<'p>(
        self,
        table: &Table,
        pairs: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> Self {
        let is_field = |name: &str| {
            let first = name.split('.').next().unwrap_or_default();
            table.column(first).is_some()
        };
        let filters = pairs.filter(|(name, _)| is_field(name));
        Self {
            filters: filters
                .map(|(name, value)| (cut(name), cut(value)))
                .collect(),
            ..self
        }
    }
}

/// A thousand questions are kept, so none may be large.
fn cut(text: &str) -> Box<str> {
    const LONGEST: usize = 4096;
    if text.len() <= LONGEST {
        return text.into();
    }
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text).into()
}

//! From the words of a request to an [`Aggregate`]: fields are found by the dictionary, and what has no meaning is
//! dropped, as a query's unknown fields are (§3.5). A malformed condition on groups is an error (E20).

use std::sync::Arc;

use super::{Aggregate, Function, GroupKey, GroupOrder, Having, Measure};
use crate::{
    dictionary::{Dictionary, Kind, Table},
    plan::Output,
    query::{Comparison, Query},
};

/// What a request asks for, in its own words; each is a comma list but `count`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Whether rows are counted.
    pub count: bool,
    /// The fields of each function, in the order of [`Function::ALL`].
    pub fields: [&'a str; Function::ALL.len()],
    /// The fields that make a group.
    pub group_by: &'a str,
    /// `function^field^operator^value`
    pub having: &'a str,
    /// `field`, `FUNCTION^field` or `COUNT`, each with `^DESC` behind it or not.
    pub order_by: &'a str,
}

/// A condition on groups that cannot be read (E20).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HavingFault {
    /// It has another number of parts.
    #[error("Invalid HAVING clause: wrong number of arguments; Expected 4 but got {0}")]
    Arguments(usize),
    /// The function, the field, the operator or the value is none.
    #[error("Invalid HAVING clause: {0} is not known for '{1}'")]
    Unknown(&'static str, Box<str>),
}

impl Asked<'_> {
    /// Tells whether anything is asked for.
    #[must_use]
    pub fn anything(&self) -> bool {
        let named = |list: &str| !list.trim().is_empty();
        self.count || self.fields.iter().any(|list| named(list)) || named(self.group_by)
    }

    /// Plans the aggregate over the rows that `query` selects.
    ///
    /// # Errors
    /// [`HavingFault`] when a condition on the groups cannot be read.
    pub fn plan(
        &self,
        dictionary: &Dictionary,
        table: &Arc<Table>,
        query: Query,
    ) -> Result<Aggregate, HavingFault> {
        let mut planner = Planner {
            dictionary,
            aggregate: Aggregate {
                table: Arc::clone(table),
                joins: query.joins,
                predicate: query.predicate,
                groups: Vec::new(),
                measures: Vec::new(),
                having: Vec::new(),
                order: Vec::new(),
            },
        };
        planner.groups(self.group_by);
        planner.measures(self);
        for clause in names(self.having) {
            let having = planner.having(clause)?;
            planner.aggregate.having.push(having);
        }
        for key in names(self.order_by) {
            let order = planner.order(key);
            planner.aggregate.order.extend(order);
        }
        Ok(planner.aggregate)
    }
}

struct Planner<'d> {
    dictionary: &'d Dictionary,
    aggregate: Aggregate,
}

impl Planner<'_> {
    fn walk(&mut self, field: &str) -> Option<Output> {
        let table = Arc::clone(&self.aggregate.table);
        let path = self.aggregate.joins.walk(self.dictionary, &table, field)?;
        let hidden = matches!(path.column.kind, Kind::Secret(_) | Kind::Journal(_));
        let key = field.into();
        (!hidden).then_some(Output { key, path })
    }

    fn groups(&mut self, fields: &str) {
        for field in names(fields) {
            let group = self.walk(field);
            self.aggregate.groups.extend(group);
        }
    }

    fn measures(&mut self, asked: &Asked<'_>) {
        if asked.count {
            self.aggregate.measures.push(Measure::Count);
        }
        for (function, fields) in Function::ALL.into_iter().zip(asked.fields) {
            for field in names(fields) {
                let measure = self.measure(function, field);
                self.aggregate.measures.extend(measure);
            }
        }
    }

    fn measure(&mut self, function: Function, field: &str) -> Option<Measure> {
        let column = self.walk(field)?;
        function
            .applies_to(column.path.column.kind)
            .then_some(Measure::Of(function, column))
    }

    /// `count`, or a function's name, in either case.
    fn named_measure(&mut self, name: &str, field: &str) -> Option<Measure> {
        if name.eq_ignore_ascii_case("count") {
            return match field {
                "" => Some(Measure::Count),
                field => self.walk(field).map(Measure::CountOf),
            };
        }
        let function = Function::ALL
            .into_iter()
            .find(|function| function.name().eq_ignore_ascii_case(name))?;
        self.measure(function, field)
    }

    fn having(&mut self, clause: &str) -> Result<Having, HavingFault> {
        let parts: Vec<_> = clause.split('^').collect();
        let [name, field, operator, text] = parts[..] else {
            return Err(HavingFault::Arguments(parts.len()));
        };
        let unknown = |what| HavingFault::Unknown(what, clause.into());
        let measure = self
            .named_measure(name, field)
            .ok_or_else(|| unknown("the aggregate"))?;
        Ok(Having {
            comparison: comparison(operator).ok_or_else(|| unknown("the operator"))?,
            value: measure.parse(text).ok_or_else(|| unknown("the value"))?,
            measure,
        })
    }

    fn order(&mut self, key: &str) -> Option<GroupOrder> {
        let (key, descending) = match key.strip_suffix("^DESC") {
            Some(key) => (key, true),
            None => (key.strip_suffix("^ASC").unwrap_or(key), false),
        };
        let groups = &self.aggregate.groups;
        let by = if let Some(at) = groups.iter().position(|group| &*group.key == key) {
            GroupKey::Group(at)
        } else {
            let (name, field) = key.split_once('^').unwrap_or((key, ""));
            GroupKey::Measure(self.named_measure(name, field)?)
        };
        Some(GroupOrder { by, descending })
    }
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "=" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

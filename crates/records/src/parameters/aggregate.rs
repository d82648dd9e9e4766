//! The parameters of the Aggregate API (`rest-and-records.md` §5).

use super::{flag, pairs};
use crate::aggregate::{Asked, Function};

/// The parameters of an aggregate, decoded.
#[derive(Debug, Default)]
pub struct AggregateWords {
    count: bool,
    fields: [String; Function::ALL.len()],
    group_by: String,
    having: String,
    order_by: String,
}

impl AggregateWords {
    /// Reads the query part of a URL.
    #[must_use]
    pub fn parse(query: Option<&str>) -> Self {
        let mut words = Self::default();
        let [avg, min, max, sum] = [0, 1, 2, 3];
        for (name, value) in pairs(query.unwrap_or_default()) {
            let value = value.into_owned();
            match &*name {
                "sysparm_count" => words.count = flag(&value),
                "sysparm_avg_fields" => words.fields[avg] = value,
                "sysparm_min_fields" => words.fields[min] = value,
                "sysparm_max_fields" => words.fields[max] = value,
                "sysparm_sum_fields" => words.fields[sum] = value,
                "sysparm_group_by" => words.group_by = value,
                "sysparm_having" => words.having = value,
                "sysparm_order_by" => words.order_by = value,
                _ => {}
            }
        }
        words
    }

    /// Returns what they ask for.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            count: self.count,
            fields: self.fields.each_ref().map(String::as_str),
            group_by: &self.group_by,
            having: &self.having,
            order_by: &self.order_by,
        }
    }
}

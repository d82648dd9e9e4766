//! What core tables do by themselves when a row is written (`rest-and-records.md` §14.2, §14.3).
//!
//! Each rule is a function from a [`Row`] (what was, what is written, by whom and when) to more values in it.
//! They run in the order of [`RULES`], after defaults, before system columns; a rule sees what those before it set.
//! Around them run the rules that people [declared].

mod alias_id;
mod assignment;
mod closing;
pub(crate) mod declared;
mod effective_number;
mod full_name;
mod holding;
mod opening;
mod priority;
mod reopening;
mod request_state;
mod resolving;
mod row;
mod states;
mod sys_name;

pub(crate) use row::Row;

type Rule = fn(&mut Row<'_>);

/// The table a rule belongs to, its children included, and the rule.
const RULES: [(&str, Rule); 17] = [
    ("task", opening::stamp),
    ("task", effective_number::follow),
    ("incident", priority::look_up),
    ("problem", priority::look_up),
    ("incident", states::pair_incident),
    ("problem", states::pair_problem),
    ("sc_request", request_state::pair),
    ("task", closing::close_or_open),
    ("incident", resolving::stamp),
    ("problem", resolving::stamp_problem),
    ("incident", reopening::count),
    ("incident", holding::end),
    ("task", assignment::count),
    ("sys_user", full_name::compute),
    ("csm_consumer", full_name::compute),
    ("sys_alias", alias_id::compute),
    ("sys_metadata", sys_name::follow),
];

/// Applies the rules of the row's table.
pub(crate) fn apply(row: &mut Row<'_>) {
    for (table, rule) in RULES {
        if row.is_a(table) {
            rule(row);
        }
    }
}

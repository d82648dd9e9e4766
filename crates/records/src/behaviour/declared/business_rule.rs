//! Business rules: `sys_script` rows, as far as they are declared.

use super::{
    Abort, Row, Surroundings,
    condition::{self, Condition},
    template,
};
use crate::{name::Name, value::ValueRef};

/// An active business rule that runs before the database is written.
#[derive(Debug, Clone)]
pub struct BusinessRule {
    /// Its key.
    pub sys_id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// The table it belongs to (`collection`).
    pub table: Name,
    /// Smaller ones run first.
    pub order: i64,
    /// Which writes it runs on.
    pub on: Actions,
    /// Which rows it concerns (`filter_condition`); all, if empty.
    pub condition: Box<str>,
    /// The roles of which the caller has one; anybody, if empty.
    pub roles: Vec<Box<str>>,
    /// What it sets.
    pub template: Box<str>,
    /// The write does not happen.
    pub aborts: bool,
    /// Shown to people.
    pub message: Box<str>,
}

/// Kinds of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Actions {
    /// New rows.
    pub insert: bool,
    /// Changed rows.
    pub update: bool,
    /// Deleted rows.
    pub delete: bool,
}

impl BusinessRule {
    /// Sets the rule's values in a row that it concerns.
    pub(super) fn apply(
        &self,
        condition: &Condition,
        row: &mut Row<'_>,
        around: Surroundings<'_>,
    ) -> Result<(), Abort> {
        let runs = if row.is_new() {
            self.on.insert
        } else {
            self.on.update
        };
        if !runs || !self.concerns(condition, row, around) {
            return Ok(());
        }
        template::apply(&self.template, row, around);
        self.abort(row)
    }

    /// Refuses the deletion of a row that it concerns, if it aborts.
    pub(super) fn check_delete(
        &self,
        condition: &Condition,
        row: &Row<'_>,
        around: Surroundings<'_>,
    ) -> Result<(), Abort> {
        if self.on.delete && self.concerns(condition, row, around) {
            self.abort(row)
        } else {
            Ok(())
        }
    }

    fn concerns(&self, condition: &Condition, row: &Row<'_>, around: Surroundings<'_>) -> bool {
        let mut roles = self.roles.iter();
        (self.roles.is_empty() || roles.any(|role| around.caller.has_role(role)))
            && condition.holds(row, around)
    }

    fn abort(&self, row: &Row<'_>) -> Result<(), Abort> {
        if !self.aborts {
            return Ok(());
        }
        Err(Abort::BusinessRule {
            table: row.table().name().clone(),
            rule: self.name.clone(),
            sys_id: self.sys_id.clone(),
            message: self.message.clone(),
        })
    }

    /// Checks that a row of `sys_script` asks for nothing but what is done here, if it is active.
    ///
    /// # Errors
    /// [`Abort::Unsupported`] names the field that asks for more.
    pub(super) fn check(row: &Row<'_>, around: Surroundings<'_>) -> Result<(), Abort> {
        if !row.is_a("sys_script") || !is_true(row, "active") {
            return Ok(());
        }
        match unsupported(row, around) {
            Some((element, why)) => Err(Abort::Unsupported {
                table: "sys_script",
                element,
                why,
            }),
            None => Ok(()),
        }
    }
}

fn unsupported(row: &Row<'_>, around: Surroundings<'_>) -> Option<(&'static str, &'static str)> {
    let text = |element| row.value(element).as_text().unwrap_or_default().trim();
    let acts = is_true(row, "abort_action") || !text("template").is_empty();
    let table = around.dictionary.table(text("collection"));
    let scripted = ["script", "condition"]
        .into_iter()
        .find(|element| !is_blank(text(element)));
    if is_true(row, "advanced")
        && let Some(element) = scripted
    {
        return Some((
            element,
            "scripts are not run; filter_condition, template and abort_action are obeyed",
        ));
    }
    if is_true(row, "action_query") {
        return Some((
            "action_query",
            "rules do not run on queries; query_match and query_range access controls do",
        ));
    }
    if acts && text("when") != "before" {
        return Some(("when", "only rules with when=before set values or abort"));
    }
    let Some(table) = table else {
        return acts.then_some(("collection", "there is no such table"));
    };
    if !condition::is_understood(text("filter_condition"), table, around) {
        let why = "the condition must be an encoded query over fields of the table itself";
        return Some(("filter_condition", why));
    }
    let why = "a template sets fields of the table: field=value^field=value";
    (!template::is_understood(text("template"), table, around)).then_some(("template", why))
}

/// A form leaves a function without a body where nothing was written; comments say nothing either.
fn is_blank(script: &str) -> bool {
    const SHELLS: [&str; 2] = [
        "",
        "(functionexecuteRule(current,previous){})(current,previous)",
    ];
    let mut code = String::new();
    let mut rest = script;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let lines = code.lines();
    let lines = lines.map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    let code: String = lines.flat_map(str::split_whitespace).collect();
    SHELLS.contains(&code.trim_end_matches(';'))
}

fn is_true(row: &Row<'_>, element: &str) -> bool {
    matches!(row.value(element), ValueRef::Int(n) if n != 0)
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn a_function_without_a_body_is_no_script() {
        for script in [
            "",
            "// nothing yet",
            "(function executeRule(current, previous /*null when async*/) {\n\n\t// Add your code here\n\n})(current, previous);",
        ] {
            assert!(is_blank(script), "{script}");
        }
        for script in ["current.setAbortAction(true);", "gs.info(1) // x"] {
            assert!(!is_blank(script), "{script}");
        }
    }
}

//! The `sysparm_*` parameters of a Table API request (`rest-and-records.md` §2.2).

use std::borrow::Cow;

use super::{flag, pairs};
use crate::plan::Window;

/// What to show of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DisplayMode {
    /// The stored value.
    #[default]
    Value,
    /// The display value.
    Display,
    /// Both.
    All,
    /// The stored value, and beside a reference's what it shows.
    Named,
    /// Both, with the numbers and booleans of JSON, and dates a third time in the system's format (§9.6).
    Typed,
}

/// The parameters of one request. Unknown ones are kept as filters and otherwise ignored.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a parameter that is true or false"
)]
pub struct Params<'a> {
    /// `sysparm_query`: the encoded query.
    pub query: Option<Cow<'a, str>>,
    /// `sysparm_fields`: names, separated by commas.
    pub fields: Option<Cow<'a, str>>,
    /// `sysparm_limit`: rows at most.
    pub limit: Option<u32>,
    /// `sysparm_offset`: rows that are left out first.
    pub offset: Option<u64>,
    /// `sysparm_display_value`: how values are shown.
    pub display: DisplayMode,
    /// `sysparm_exclude_reference_link`: references without their links.
    pub exclude_reference_link: bool,
    /// `sysparm_input_display_value`: the body holds what people see.
    pub input_display_value: bool,
    /// `sysparm_suppress_auto_sys_field`: the body brings its own system fields.
    pub suppress_auto_sys_field: bool,
    /// `sysparm_no_count`: the rows are not counted.
    pub no_count: bool,
    /// `sysparm_suppress_pagination_header`: no `Link` header.
    pub suppress_pagination_header: bool,
    /// The name of a UI view, whose fields are shown where none are named.
    pub view: Option<Cow<'a, str>>,
    /// Everything that is no `sysparm_*`: name=value filters.
    pub filters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// A parameter whose value cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub struct BadParam {
    /// The name of the parameter.
    pub name: &'static str,
    /// What it may be.
    pub expected: &'static str,
}

impl DisplayMode {
    /// Whether values are shown with what they look like.
    #[must_use]
    pub fn shows_both(self) -> bool {
        matches!(self, Self::All | Self::Typed)
    }
}

impl<'a> Params<'a> {
    /// Parses the query part of a URL. Of several queries, lists of fields, limits or offsets the first counts:
    /// clients follow a `next` link and add what they asked for at first once more.
    ///
    /// # Errors
    /// [`BadParam`] when the page that is asked for is none.
    pub fn parse(query: Option<&'a str>) -> Result<Self, BadParam> {
        let mut params = Self::default();
        for (name, value) in pairs(query.unwrap_or_default()) {
            params.take(name, value)?;
        }
        Ok(params)
    }

    fn take(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), BadParam> {
        match &*name {
            "sysparm_query" if self.query.is_none() => self.query = Some(value),
            "sysparm_fields" if self.fields.is_none() => {
                self.fields = Some(value).filter(|fields| !fields.trim().is_empty());
            }
            "sysparm_limit" if self.limit.is_none() => {
                self.limit = number(&value, "sysparm_limit")?;
            }
            "sysparm_offset" if self.offset.is_none() => {
                self.offset = number(&value, "sysparm_offset")?;
            }
            "sysparm_display_value" => {
                self.display = match &*value.to_ascii_lowercase() {
                    "true" => DisplayMode::Display,
                    "all" => DisplayMode::All,
                    _ => DisplayMode::Value,
                }
            }
            "sysparm_exclude_reference_link" | "sysparm_exclude_ref_link" => {
                self.exclude_reference_link = flag(&value);
            }
            "sysparm_view" => self.view = Some(value).filter(|view| !view.trim().is_empty()),
            "sysparm_input_display_value" => self.input_display_value = flag(&value),
            "sysparm_suppress_auto_sys_field" => self.suppress_auto_sys_field = flag(&value),
            "sysparm_no_count" => self.no_count = flag(&value),
            "sysparm_suppress_pagination_header" => self.suppress_pagination_header = flag(&value),
            other if other.starts_with("sysparm_") => {}
            _ => self.filters.push((name, value)),
        }
        Ok(())
    }

    /// Returns the page that was asked for.
    #[must_use]
    pub fn window(&self) -> Window {
        Window {
            limit: self.limit.unwrap_or(Window::DEFAULT.limit),
            offset: self.offset.unwrap_or(Window::DEFAULT.offset),
        }
    }

    /// Returns the names in `sysparm_fields`.
    #[must_use]
    pub fn field_names(&self) -> Option<impl Iterator<Item = &str>> {
        let fields = self.fields.as_deref()?;
        Some(
            fields
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty()),
        )
    }
}

/// A negative or unreadable page is refused (§2.2 leaves the behaviour open): guessing a page would hide the
/// mistake in a client's loop.
fn number<T: std::str::FromStr>(value: &str, name: &'static str) -> Result<Option<T>, BadParam> {
    if value.is_empty() {
        return Ok(None);
    }
    match value.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(BadParam {
            name,
            expected: "a whole number, 0 or more",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let params = Params::parse(Some(
            "sysparm_query=active%3Dtrue%5EORDERBYnumber&sysparm_fields=number,+state&sysparm_limit=5\
             &sysparm_offset=10&sysparm_display_value=ALL&sysparm_exclude_reference_link=true\
             &sysparm_orderby=x&user_name=admin",
        ))
        .expect("valid");
        assert_eq!(params.query.as_deref(), Some("active=true^ORDERBYnumber"));
        assert_eq!(
            params.field_names().expect("fields").collect::<Vec<_>>(),
            ["number", "state"]
        );
        assert_eq!(
            params.window(),
            Window {
                limit: 5,
                offset: 10
            }
        );
        assert_eq!(params.display, DisplayMode::All);
        assert!(params.exclude_reference_link && !params.no_count);
        assert_eq!(params.filters, [("user_name".into(), "admin".into())]);
    }

    #[test]
    fn of_several_pages_the_first_counts() {
        let next = "sysparm_query=a&sysparm_fields=b&sysparm_offset=80&sysparm_limit=40&sysparm_query=c\
                    &sysparm_fields=d&sysparm_limit=20&sysparm_offset=40";
        let params = Params::parse(Some(next)).expect("valid");
        assert_eq!((params.window().offset, params.window().limit), (80, 40));
        assert_eq!(
            (params.query.as_deref(), params.fields.as_deref()),
            (Some("a"), Some("b"))
        );
    }

    #[test]
    fn a_page_must_be_a_number() {
        for query in [
            "sysparm_limit=-1",
            "sysparm_limit=ten",
            "sysparm_limit=99999999999999999999",
        ] {
            let error = Params::parse(Some(query)).expect_err("refused");
            assert_eq!(error.name, "sysparm_limit", "{query}");
        }
        assert_eq!(
            Params::parse(None).expect("valid").window(),
            Window::DEFAULT
        );
    }
}

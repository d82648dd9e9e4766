//! What the URL of a list page asks for (`{table}_list.do`).

use std::borrow::Cow;

use super::pairs;
use crate::plan::Window;

/// The parameters of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// `sysparm_query`: the encoded query.
    pub query: String,
    /// `sysparm_search`: text that one of the columns contains.
    pub search: String,
    /// `sysparm_fields`: other columns than the table's usual ones.
    pub fields: Option<String>,
    /// `sysparm_first_row`, counted from 0 here and from 1 in the URL.
    first: u64,
    /// `sysparm_limit`: rows on a page.
    limit: Option<u32>,
    /// A condition that the builder sends, to become part of the query.
    pub built: Option<Built>,
}

/// `sysparm_field`, `sysparm_operator`, `sysparm_value`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// Which field.
    pub field: String,
    /// How it is compared.
    pub operator: String,
    /// With what.
    pub value: String,
}

/// Rows on a page, unless the URL says otherwise.
const ROWS: u32 = 20;
/// What a person can still look through, and a browser draw.
const MOST: u32 = 200;

impl Asked {
    /// Reads the query part of a URL. What makes no sense is as if it were not there.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        let mut built = Built::default();
        for (name, value) in pairs(query) {
            let value = Cow::into_owned(value);
            match &*name {
                "sysparm_query" => asked.query = value,
                "sysparm_search" => value.trim().clone_into(&mut asked.search),
                "sysparm_fields" => asked.fields = Some(value).filter(|it| !it.is_empty()),
                "sysparm_first_row" => {
                    asked.first = value.parse().unwrap_or(1_u64).saturating_sub(1);
                }
                "sysparm_limit" => asked.limit = value.parse().ok().filter(|rows| *rows > 0),
                "sysparm_field" => built.field = value,
                "sysparm_operator" => built.operator = value,
                "sysparm_value" => built.value = value,
                _ => {}
            }
        }
        asked.built = Some(built).filter(|built| !built.field.is_empty());
        asked
    }

    /// Returns the page of rows.
    #[must_use]
    pub fn window(&self) -> Window {
        Window {
            limit: self.limit.unwrap_or(ROWS).min(MOST),
            offset: self.first,
        }
    }

    /// Returns the same list with another query, from its beginning.
    #[must_use]
    pub fn with_query(&self, query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            first: 0,
            built: None,
            ..self.clone()
        }
    }

    /// Returns the same list from another row on.
    #[must_use]
    pub fn at_row(&self, first: u64) -> Self {
        Self {
            first,
            ..self.clone()
        }
    }

    /// Returns the same list without a search.
    #[must_use]
    pub fn without_search(&self) -> Self {
        Self {
            search: String::new(),
            first: 0,
            ..self.clone()
        }
    }

    /// Returns the URL of this list.
    #[must_use]
    pub fn href(&self, table: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let first = self.first.saturating_add(1).to_string();
        let limit = self.limit.unwrap_or(ROWS).to_string();
        let parameters = [
            ("sysparm_query", &*self.query, ""),
            ("sysparm_search", &*self.search, ""),
            (
                "sysparm_fields",
                self.fields.as_deref().unwrap_or_default(),
                "",
            ),
            ("sysparm_first_row", &*first, "1"),
            ("sysparm_limit", &*limit, "20"),
        ];
        for (name, value, usual) in parameters {
            if value != usual {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/{table}_list.do{mark}{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_all_that_a_list_shows() {
        let url = "sysparm_query=active%3Dtrue%5Estate%3D1&sysparm_search=a+b&sysparm_fields=number\
                   &sysparm_first_row=41&sysparm_limit=50";
        let asked = Asked::parse(url);
        assert_eq!(asked.query, "active=true^state=1");
        assert_eq!((asked.window().offset, asked.window().limit), (40, 50));
        assert_eq!(asked.href("incident"), format!("/incident_list.do?{url}"));
        assert_eq!(Asked::default().href("incident"), "/incident_list.do");
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        let asked = Asked::parse("sysparm_first_row=-3&sysparm_limit=0&sysparm_fields=&x=y&&=");
        assert_eq!(asked, Asked::default());
        let greedy =
            Asked::parse("sysparm_limit=4000000000&sysparm_first_row=99999999999999999999");
        assert_eq!((greedy.window().limit, greedy.window().offset), (200, 0));
    }

    #[test]
    fn another_query_begins_at_the_first_row() {
        let asked = Asked::parse(
            "sysparm_first_row=41&sysparm_field=a&sysparm_operator=%3D&sysparm_value=1",
        );
        assert_eq!(asked.built.as_ref().unwrap().field, "a");
        let other = asked.with_query("b=\"><script>");
        assert_eq!(
            other.href("t"),
            "/t_list.do?sysparm_query=b%3D%22%3E%3Cscript%3E"
        );
    }
}

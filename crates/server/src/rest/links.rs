//! Links in answers: to records, to the other pages of a list.

use std::fmt::Write as _;

use snowglobe_records::plan::Window;

/// Where links start: the instance's own URL, whatever the request's `Host` says (`rest-and-records.md` §1.1),
/// and the version segment of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkBase<'a> {
    pub(crate) issuer: &'a str,
    /// `""`, `"v1/"` or `"v2/"`.
    pub(crate) version: &'a str,
}

impl LinkBase<'_> {
    /// Returns the URL of a table, with room for the key of a row: `https://host/api/now/v2/table/incident`.
    pub(crate) fn table(&self, table: &str) -> String {
        let mut url = String::with_capacity(self.issuer.len() + table.len() + 64);
        self.push_table(table, &mut url);
        url
    }

    /// Appends the URL of a table.
    pub(crate) fn push_table(&self, table: &str, out: &mut String) {
        out.extend([self.issuer, "/api/now/", self.version, "table/", table]);
    }
}

/// Returns the `Link` header of a list (§2.4): the caller's other parameters stay in place, limit and offset
/// come last.
pub(crate) fn pagination(url: &str, query: &str, window: Window, total: u64) -> Option<String> {
    let limit = u64::from(window.limit);
    if limit == 0 {
        return None;
    }
    let last = total.saturating_sub(1) / limit * limit;
    let mut pages = vec![("first", 0)];
    let page = |offset: u64| i64::try_from(offset).unwrap_or(i64::MAX);
    if window.offset > 0 {
        pages.push(("prev", page(window.offset.saturating_sub(limit))));
    } else if limit == 1 {
        // As five instances sent it; nobody follows it.
        pages.push(("prev", -1));
    }
    if window.offset.saturating_add(limit) < total {
        pages.push(("next", page(window.offset + limit)));
    }
    pages.push(("last", page(last)));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_page(pair))
        .collect();
    let mut header = String::new();
    for (rel, offset) in pages {
        let comma = if header.is_empty() { "" } else { "," };
        let _ = write!(header, "{comma}<{url}?");
        for pair in &kept {
            push_ascii(pair, &mut header);
            header.push('&');
        }
        let _ = write!(
            header,
            "sysparm_limit={limit}&sysparm_offset={offset}>;rel=\"{rel}\""
        );
    }
    Some(header)
}

/// Appends a part of a URL; letters that a client sent as they are, as curl does, are escaped in a header.
fn push_ascii(part: &str, out: &mut String) {
    for c in part.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

fn is_page(pair: &str) -> bool {
    matches!(
        pair.split('=').next(),
        Some("sysparm_limit" | "sysparm_offset")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_of_paging() {
        let window = Window {
            limit: 5,
            offset: 600,
        };
        let header = pagination(
            "http://h/api/now/table/t",
            "a=b&sysparm_limit=5&sysparm_offset=600",
            window,
            611,
        )
        .expect("a header");
        let page = |offset, rel| {
            format!(
                "<http://h/api/now/table/t?a=b&sysparm_limit=5&sysparm_offset={offset}>;rel=\"{rel}\""
            )
        };
        let expected = [
            page(0, "first"),
            page(595, "prev"),
            page(605, "next"),
            page(610, "last"),
        ];
        assert_eq!(header, expected.join(","));
    }

    #[test]
    fn rest_2_4_prev_the_first_page_of_one_row_has_one_before_it() {
        let window = Window {
            limit: 1,
            offset: 0,
        };
        let header = pagination("u", "", window, 3).expect("a header");
        assert_eq!(
            header,
            "<u?sysparm_limit=1&sysparm_offset=0>;rel=\"first\",<u?sysparm_limit=1&sysparm_offset=-1>;rel=\"prev\",\
             <u?sysparm_limit=1&sysparm_offset=1>;rel=\"next\",<u?sysparm_limit=1&sysparm_offset=2>;rel=\"last\""
        );
    }

    #[test]
    fn letters_beyond_ascii_are_escaped() {
        let window = Window {
            limit: 5,
            offset: 0,
        };
        let header = pagination("u", "name=Müller%20&x=€", window, 3).expect("a header");
        assert!(
            header.starts_with("<u?name=M%C3%BCller%20&x=%E2%82%AC&sysparm_limit=5"),
            "{header}"
        );
    }

    #[test]
    fn a_single_page_has_neither_neighbour() {
        let header = pagination(
            "u",
            "",
            Window {
                limit: 10,
                offset: 0,
            },
            3,
        )
        .expect("a header");
        assert_eq!(
            header,
            "<u?sysparm_limit=10&sysparm_offset=0>;rel=\"first\",<u?sysparm_limit=10&sysparm_offset=0>;rel=\"last\""
        );
        assert_eq!(
            pagination(
                "u",
                "",
                Window {
                    limit: 0,
                    offset: 0
                },
                3
            ),
            None
        );
    }
}

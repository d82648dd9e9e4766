//! Which route a path fits, and what stands in it for the names of its pattern.

use std::{collections::HashMap, sync::LazyLock};

use snowglobe_oauth::api_access::unescaped;

use super::routes;

/// Returns the place in [`routes`] of the pattern that a path fits. Each request asks, so paths without names in
/// them are not looked for one by one.
pub(crate) fn pattern_of(path: &str) -> Option<usize> {
    static PLAIN: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        let plain = routes().enumerate().filter(|(_, path)| !path.contains('{'));
        plain.map(|(at, path)| (path, at)).collect()
    });
    let plain = PLAIN.get(path).copied();
    plain.or_else(|| named(path).map(|(pattern, _)| pattern.at))
}

/// A pattern with names in it, cut where the first of them stands.
struct Pattern {
    at: usize,
    head: &'static str,
    rest: Vec<&'static str>,
}

static NAMED: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let named = routes().enumerate();
    named
        .filter_map(|(at, path)| Pattern::of(at, path))
        .collect()
});

/// Returns the first pattern that a path fits, and the path from the first name on.
fn named(path: &str) -> Option<(&'static Pattern, &str)> {
    let mut patterns = NAMED.iter();
    patterns.find_map(|pattern| Some((pattern, pattern.fit(path)?)))
}

impl Pattern {
    fn of(at: usize, path: &'static str) -> Option<Self> {
        let (head, rest) = path.split_at(path.find('{')?);
        let rest = rest.split('/').collect();
        Some(Self { at, head, rest })
    }

    fn fit<'p>(&self, path: &'p str) -> Option<&'p str> {
        // Most are told apart by what stands before their first name.
        let rest = path.strip_prefix(self.head)?;
        let mut steps = rest.split('/');
        let fits = |known: &str, step: &str| known == step || is_name(known) && !step.is_empty();
        let mut known = self.rest.iter();
        let all = known.all(|known| steps.next().is_some_and(|step| fits(known, step)));
        (all && steps.next().is_none()).then_some(rest)
    }
}

fn is_name(step: &str) -> bool {
    step.starts_with('{')
}

/// Returns what a path has where the pattern that it fits has names, from left to right; nothing in the place of what
/// is no text.
pub(crate) fn names_in(path: &str) -> impl Iterator<Item = Option<String>> {
    let fitting = named(path).into_iter();
    let steps = fitting.flat_map(|(pattern, rest)| pattern.rest.iter().zip(rest.split('/')));
    let names = steps.filter(|(known, _)| is_name(known));
    names.map(|(_, step)| String::from_utf8(unescaped(step)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_is_found_by_its_own_path() {
        for (at, pattern) in routes().enumerate() {
            let path = pattern.replace(['{', '}'], "");
            assert_eq!(pattern_of(&path), Some(at), "{path}");
        }
    }

    #[test]
    fn names_in_a_path_are_read_as_text() {
        let names = |path| names_in(path).collect::<Vec<_>>();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            names("/api/now/table/in%63ident/a%20b"),
            [name("incident"), name("a b")]
        );
        assert_eq!(names("/api/now/table/%ff"), [None]);
        assert_eq!(names("/api/now/table/%EF%BF%BD"), [name("\u{fffd}")]);
        assert_eq!(names("/api/now/batch"), []);
        assert_eq!(names("/nothing/here"), []);
    }

    #[test]
    fn paths_fit_their_patterns() {
        let pattern = |path| pattern_of(path).and_then(|at| routes().nth(at));
        for (path, expected) in [
            ("/oauth_token.do", Some("/oauth_token.do")),
            ("/api/now/table/incident", Some("/api/now/table/{table}")),
            (
                "/api/now/v2/table/incident/1",
                Some("/api/now/v2/table/{table}/{sys_id}"),
            ),
            (
                "/api/now/attachment/1/a.txt/file",
                Some("/api/now/attachment/{sys_id}/{file_name}/file"),
            ),
            (
                "/api/now/attachment/1/file",
                Some("/api/now/attachment/{sys_id}/file"),
            ),
            ("/api/now/attachment/file", Some("/api/now/attachment/file")),
            ("/api/now/attachment/1/2/3", None),
            ("/api/now/table/", None),
            ("/api/now/table/a//", None),
            ("/api/now/table/a/b/c", None),
            ("/incident_list.do", Some("/{page}")),
            ("/a/b", None),
        ] {
            assert_eq!(pattern(path), expected, "{path}");
        }
    }
}

//! `cargo xtask layers`: the arrows between crates, as `ARCHITECTURE.md` draws them.
//!
//! Read from `cargo metadata`. Only what is shipped counts: dependencies of tests are free.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run;

/// A package, what of ours it uses, and what of others it must not.
struct Rule {
    package: &'static str,
    /// The packages of this workspace that it may depend on; no other.
    uses: &'static [&'static str],
    /// Not even through others.
    unreachable: &'static [&'static [&'static str]],
    /// Not by its own choice; through others it may.
    not_direct: &'static [&'static [&'static str]],
}

const DATABASES: &[&str] = &[
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "postgres",
    "deadpool-postgres",
    "sqlx",
];
const HTTP_SERVER: &[&str] = &["axum", "hyper", "tower-http"];
const HTTP_CLIENT: &[&str] = &["reqwest"];
const RUNTIME: &[&str] = &["tokio"];
const TERMINAL: &[&str] = &["clap"];
const LOG: &[&str] = &["tracing-subscriber"];

const RULES: &[Rule] = &[
    Rule {
        package: "snowglobe-oauth",
        uses: &[],
        unreachable: &[RUNTIME, HTTP_SERVER, HTTP_CLIENT, DATABASES, TERMINAL, LOG],
        not_direct: &[],
    },
    Rule {
        package: "snowglobe-records",
        uses: &[],
        unreachable: &[RUNTIME, HTTP_SERVER, HTTP_CLIENT, DATABASES, TERMINAL, LOG],
        not_direct: &[],
    },
    Rule {
        package: "snowglobe-store",
        uses: &["snowglobe-oauth", "snowglobe-records"],
        unreachable: &[HTTP_SERVER, HTTP_CLIENT, TERMINAL],
        not_direct: &[],
    },
    Rule {
        package: "snowglobe-server",
        uses: &["snowglobe-oauth", "snowglobe-records", "snowglobe-store"],
        unreachable: &[TERMINAL],
        not_direct: &[DATABASES],
    },
    Rule {
        package: "snowglobe",
        uses: &["snowglobe-server"],
        unreachable: &[],
        not_direct: &[HTTP_SERVER, DATABASES],
    },
];

/// Fails on a forbidden arrow, naming the way it takes.
pub(crate) fn check() -> Result<()> {
    eprintln!("xtask: layers");
    let metadata = run::output(&mut run::cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
    ]))?;
    let graph = Graph::from_metadata(&serde_json::from_str(&metadata)?)?;
    let forbidden: Vec<String> = RULES
        .iter()
        .flat_map(|rule| graph.forbidden(rule))
        .collect();
    if !forbidden.is_empty() {
        bail!("the architecture forbids:\n  {}", forbidden.join("\n  "));
    }
    Ok(())
}

/// How packages depend on each other.
struct Graph {
    /// Names of packages, and the names of those they are built with.
    arrows: BTreeMap<String, BTreeSet<String>>,
    /// Names of the packages of this workspace.
    ours: BTreeSet<String>,
}

impl Graph {
    fn from_metadata(metadata: &Value) -> Result<Self> {
        let nodes = metadata.pointer("/resolve/nodes").and_then(Value::as_array);
        let packages = metadata["packages"].as_array().context("packages")?;
        let names: BTreeMap<&str, &str> = packages
            .iter()
            .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
            .collect();
        let members = metadata["workspace_members"].as_array();
        let ours = members.context("workspace_members")?.iter();
        let ours = ours.filter_map(|id| names.get(id.as_str()?));
        let ours = ours.map(|&name| name.to_owned()).collect();
        let mut arrows = BTreeMap::<String, BTreeSet<String>>::new();
        for node in nodes.context("resolve.nodes")? {
            let name = node["id"]
                .as_str()
                .and_then(|id| names.get(id))
                .context("node id")?;
            let shipped = shipped(node).filter_map(|id| names.get(id));
            let name = arrows.entry((*name).to_owned()).or_default();
            name.extend(shipped.map(|&dependency| dependency.to_owned()));
        }
        Ok(Self { arrows, ours })
    }

    fn direct(&self, package: &str) -> impl Iterator<Item = &str> {
        self.arrows
            .get(package)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// The arrows that break a rule, each as the way `a -> b -> c`.
    fn forbidden(&self, rule: &Rule) -> Vec<String> {
        let reached = self.ways_from(rule.package);
        let through_others = rule.unreachable.concat();
        let direct: BTreeSet<&str> = self.direct(rule.package).collect();
        let through_others = through_others
            .iter()
            .filter_map(|name| reached.get(name).cloned());
        let by_choice = rule.not_direct.concat();
        let by_choice = by_choice.iter().filter(|name| direct.contains(*name));
        let of_ours = direct.iter().filter(|name| self.ours.contains(**name));
        let not_drawn = of_ours.filter(|name| !rule.uses.contains(*name));
        through_others
            .chain(by_choice.map(|name| format!("{} -> {name} (directly)", rule.package)))
            .chain(not_drawn.map(|name| format!("{} -> {name} (not drawn)", rule.package)))
            .collect()
    }

    /// Every package that can be reached, with the shortest way to it.
    fn ways_from<'a>(&'a self, start: &'a str) -> BTreeMap<&'a str, String> {
        let mut ways = BTreeMap::from([(start, start.to_owned())]);
        let mut waiting = VecDeque::from([start]);
        while let Some(package) = waiting.pop_front() {
            let way = ways[package].clone();
            for next in self.direct(package) {
                if !ways.contains_key(next) {
                    ways.insert(next, format!("{way} -> {next}"));
                    waiting.push_back(next);
                }
            }
        }
        ways
    }
}

/// The ids of a node's normal dependencies: not those of tests and build scripts.
fn shipped(node: &Value) -> impl Iterator<Item = &str> {
    let dependencies = node["deps"].as_array().into_iter().flatten();
    dependencies
        .filter(|dependency| {
            let mut kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            kinds.any(|kind| kind["kind"].is_null())
        })
        .filter_map(|dependency| dependency["pkg"].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULE: Rule = Rule {
        package: "core",
        uses: &["values"],
        unreachable: &[&["tokio"]],
        not_direct: &[&["axum"]],
    };

    fn graph(arrows: &[(&str, &str, Option<&str>)]) -> Graph {
        let names: BTreeSet<&str> = arrows
            .iter()
            .flat_map(|&(from, to, _)| [from, to])
            .collect();
        let packages: Vec<Value> = names
            .iter()
            .map(|name| json!({"id": format!("id {name}"), "name": name}))
            .collect();
        let members = ["id core", "id values", "id tool"];
        let deps = |of: &str| -> Vec<Value> {
            let of = arrows.iter().filter(|&&(from, ..)| from == of);
            of.map(
                |(_, to, kind)| json!({"pkg": format!("id {to}"), "dep_kinds": [{"kind": kind}]}),
            )
            .collect()
        };
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| json!({"id": format!("id {name}"), "deps": deps(name)}))
            .collect();
        Graph::from_metadata(&json!({
            "packages": packages,
            "workspace_members": members,
            "resolve": {"nodes": nodes},
        }))
        .expect("well-formed metadata")
    }

    #[test]
    fn a_forbidden_arrow_is_found_through_others() {
        let graph = graph(&[("core", "queue", None), ("queue", "tokio", None)]);
        assert_eq!(graph.forbidden(&RULE), ["core -> queue -> tokio"]);
    }

    #[test]
    fn a_dependency_of_tests_is_free() {
        assert!(
            graph(&[("core", "tokio", Some("dev"))])
                .forbidden(&RULE)
                .is_empty()
        );
        assert_eq!(
            graph(&[("core", "tokio", None)]).forbidden(&RULE),
            ["core -> tokio"]
        );
    }

    #[test]
    fn a_direct_arrow_is_told_from_one_through_others() {
        let through = graph(&[("core", "server", None), ("server", "axum", None)]);
        assert!(through.forbidden(&RULE).is_empty());
        let direct = graph(&[("core", "axum", None)]);
        assert_eq!(direct.forbidden(&RULE), ["core -> axum (directly)"]);
    }

    #[test]
    fn an_arrow_between_ours_is_drawn_or_forbidden() {
        let drawn = graph(&[("core", "values", None), ("core", "serde", None)]);
        assert!(drawn.forbidden(&RULE).is_empty());
        let tested = graph(&[("core", "tool", Some("dev"))]);
        assert!(tested.forbidden(&RULE).is_empty());
        let not_drawn = graph(&[("core", "tool", None)]);
        assert_eq!(not_drawn.forbidden(&RULE), ["core -> tool (not drawn)"]);
    }

    #[test]
    fn every_crate_of_ours_that_ships_has_a_rule() {
        let crates = std::fs::read_dir(run::root().join("crates")).expect("crates/");
        for folder in crates
            .flatten()
            .filter(|folder| folder.file_name() != "testkit")
        {
            let manifest = folder.path().join("Cargo.toml");
            let Ok(manifest) = std::fs::read_to_string(manifest) else {
                continue;
            };
            let named = |rule: &Rule| manifest.contains(&format!("name = \"{}\"", rule.package));
            assert!(
                RULES.iter().any(named),
                "{} has no rule",
                folder.path().display()
            );
        }
    }
}

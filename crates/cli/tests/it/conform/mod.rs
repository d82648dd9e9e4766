//! Our conformance suite: the strict endpoints pass it, and each of its checks can fail.
//!
//! A check that nothing can fail shows nothing. So each is run a second time through a wire that breaks the server
//! in the one point that the check looks at, and has to say so.

mod broken;
mod faults;

use std::collections::BTreeSet;

use snowglobe_conform::{CHECKS, Check, Direct, Suite, Target, register};
use snowglobe_testkit::Instance;

use self::broken::Broken;
use self::faults::FAULTS;
use crate::world::launch;

fn checks() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().copied().flatten()
}

fn start() -> (Instance, Target) {
    let instance = launch().start();
    let admin = instance.user("admin");
    let target = register(instance.url(), (&admin.name, &admin.password)).unwrap();
    (instance, target)
}

fn failures(found: impl Iterator<Item = String>) {
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_strict_endpoints_pass_every_check() {
    let (_instance, target) = start();
    let direct = Direct::new().unwrap();
    let suite = Suite::new(&direct, &target);
    failures(checks().filter_map(|check| {
        let error = check.run(&suite).err()?;
        Some(format!("{} ({}): {error:#}", check.name, check.source))
    }));
}

#[test]
fn every_check_fails_against_a_server_broken_in_its_point() {
    let (_instance, target) = start();
    let direct = Direct::new().unwrap();
    failures(checks().filter_map(|check| {
        let (_, fault) = FAULTS.iter().find(|(name, _)| *name == check.name)?;
        let broken = Broken::new(&direct, &target, *fault);
        let passed = check.run(&Suite::new(&broken, &target)).is_ok();
        passed.then(|| format!("{}: passed against a broken server", check.name))
    }));
}

#[test]
fn every_check_has_its_fault_and_every_fault_its_check() {
    let names: Vec<&str> = checks().map(|check| check.name).collect();
    let faults: Vec<&str> = FAULTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "two checks of one name"
    );
    assert_eq!(
        names.iter().collect::<BTreeSet<_>>(),
        faults.iter().collect::<BTreeSet<_>>()
    );
}

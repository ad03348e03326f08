//! Who may know whom: dependencies point one way, and the domain does no I/O.

use std::{path::Path, process::Command};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::Finding;

/// What each package may depend on among ours, tests excepted.
const MAY_KNOW: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("event-log", &["domain"]),
    ("projections", &["domain", "event-log"]),
    // The demonstration is loaded from the fixtures.
    ("api", &["domain", "event-log", "projections", "fixtures"]),
    ("replay-tool", &["domain", "event-log", "projections", "fixtures"]),
    ("fixtures", &["domain"]),
    // It speaks a protocol, and knows nothing of what is said in it.
    ("kurrentdb-double", &[]),
    ("xtask", &[]),
];

/// All that the domain may depend on, with the features it must not switch on: a clock, chance.
const DOMAIN: [(&str, &[&str]); 4] = [
    ("chrono", &["clock", "now", "default"]),
    ("serde", &[]),
    ("thiserror", &[]),
    ("uuid", &["v1", "v4", "v6", "v7"]),
];

/// The lock file names at most so many packages: some 290 at the start, of which actix-web with its
/// own is a third. Some 110 came with the client of KurrentDB and the double that tests it: an
/// ordinary build compiles none of them; some 15 with a verifier by other authors, for tests alone.
const PACKAGES_AT_MOST: usize = 430;

/// One of our packages.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

/// What it depends on.
#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build`, or none.
    kind: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    uses_default_features: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// Our packages, as cargo understands them.
pub(super) fn packages(root: &Path) -> anyhow::Result<Vec<Package>> {
    let answer = Command::new("cargo")
        .current_dir(root)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .context("could not run cargo")?;
    ensure!(answer.status.success(), "cargo metadata failed");
    parse(&answer.stdout)
}

fn parse(metadata: &[u8]) -> anyhow::Result<Vec<Package>> {
    Ok(serde_json::from_slice::<Metadata>(metadata)?.packages)
}

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let Some((_, known)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
            findings.push(Finding::new(&package.name, "say in xtask what this package may know"));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let ours = MAY_KNOW.iter().any(|(other, _)| *other == name);
            let in_tests = dependency.kind.as_deref() == Some("dev");
            if ours && !in_tests && !known.contains(&name) {
                findings.push(Finding::new(&package.name, format!("must not depend on {name}")));
            }
            if package.name == "domain" && !in_tests {
                findings.extend(pure(dependency));
            }
        }
    }
    findings
}

/// Whether the domain stays pure with this dependency.
fn pure(dependency: &Dependency) -> Option<Finding> {
    let name = dependency.name.as_str();
    let Some((_, forbidden)) = DOMAIN.iter().find(|(allowed, _)| *allowed == name) else {
        return Some(Finding::new("domain", format!("must not depend on {name}: it is pure")));
    };
    let default = dependency.uses_default_features.then_some("default");
    let mut features = dependency.features.iter().map(String::as_str).chain(default);
    let feature = features.find(|feature| forbidden.contains(feature))?;
    Some(Finding::new("domain", format!("must not switch on {name}/{feature}")))
}

pub(super) fn check_lock(lock: &str) -> Vec<Finding> {
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    let says = || format!("{packages} packages, at most {PACKAGES_AT_MOST} are allowed");
    (packages > PACKAGES_AT_MOST).then(|| Finding::new("Cargo.lock", says())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: &str, dependency: &str) -> Vec<String> {
        let metadata =
            format!(r#"{{"packages":[{{"name":"{package}","dependencies":[{{{dependency}}}]}}]}}"#);
        check(&parse(metadata.as_bytes()).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        assert_eq!(
            found("event-log", r#""name":"projections","kind":null"#),
            ["event-log: must not depend on projections"]
        );
        assert!(found("projections", r#""name":"event-log","kind":null"#).is_empty());
    }

    #[test]
    fn the_fixtures_are_for_tests_and_the_demonstration() {
        assert_eq!(
            found("event-log", r#""name":"fixtures","kind":null"#),
            ["event-log: must not depend on fixtures"]
        );
        assert!(found("event-log", r#""name":"fixtures","kind":"dev""#).is_empty());
        assert!(found("api", r#""name":"fixtures","kind":null"#).is_empty());
    }

    #[test]
    fn the_replay_tool_knows_the_server_only_where_it_is_tested_against_it() {
        assert_eq!(
            found("replay-tool", r#""name":"api","kind":null"#),
            ["replay-tool: must not depend on api"]
        );
        assert!(found("replay-tool", r#""name":"api","kind":"dev""#).is_empty());
    }

    #[test]
    fn the_domain_has_no_crate_that_does_io_and_no_clock() {
        assert_eq!(
            found("domain", r#""name":"tokio","kind":null"#),
            ["domain: must not depend on tokio: it is pure"]
        );
        assert_eq!(
            found("domain", r#""name":"chrono","kind":null,"features":["serde","now"]"#),
            ["domain: must not switch on chrono/now"]
        );
        assert!(found("domain", r#""name":"uuid","kind":null,"features":["v5"]"#).is_empty());
    }

    #[test]
    fn a_package_nobody_placed_is_found() {
        assert_eq!(
            found("new", r#""name":"serde","kind":null"#),
            ["new: say in xtask what this package may know"]
        );
    }

    #[test]
    fn a_lock_file_over_the_bound_is_found() {
        let packages = |number| "[[package]]\n".repeat(number);
        assert!(check_lock(&packages(PACKAGES_AT_MOST)).is_empty());
        assert_eq!(
            check_lock(&packages(PACKAGES_AT_MOST.saturating_add(1))),
            [Finding::new("Cargo.lock", "431 packages, at most 430 are allowed")]
        );
    }
}

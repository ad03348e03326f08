//! Each rule stands in three places: the file that decides, its tests, and `docs/rulebook.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::{rust_text, tree::Tree};

const BOOK: &str = "docs/rulebook.md";
const DECISIONS: &str = "domain/src/";
const TESTS: &str = "domain/tests/rulebook/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let stated = stated(tree);
    let tested = tested(tree);
    let sections = sections(tree.text(BOOK));
    let mut findings = decisions_without_rule(tree);
    for (rule, paths) in &stated {
        let path = paths.first().map_or("", String::as_str);
        // A pair such as granting and withdrawing may share a rule; two subjects may not.
        if paths.iter().any(|other| folder(other) != folder(path)) {
            let says = format!("stated for two subjects: in {}", paths.join(" and "));
            findings.push(Finding::new(format!("rule {rule}"), says));
        }
        if !tested.contains_key(rule) {
            let says = format!("no test begins with `{}_`", rule.to_lowercase());
            findings.push(Finding::new(format!("{path}: rule {rule}"), says));
        }
        if !sections.contains(rule) {
            let says = format!("{BOOK} has no section `## {rule} · …`");
            findings.push(Finding::new(format!("{path}: rule {rule}"), says));
        }
    }
    for (rule, place) in tested.iter().filter(|(rule, _)| !stated.contains_key(*rule)) {
        findings.push(Finding::new(place, format!("no file in {DECISIONS} states rule {rule}")));
    }
    for rule in sections.iter().filter(|rule| !stated.contains_key(*rule)) {
        let says = format!("no file in {DECISIONS} states it");
        findings.push(Finding::new(format!("{BOOK}: {rule}"), says));
    }
    findings
}

/// Rules by the files that state them in a doc comment: `Rule U1: …`.
fn stated(tree: &Tree) -> BTreeMap<String, Vec<String>> {
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in tree.below(DECISIONS, ".rs") {
        let comments = text.lines().filter_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("//!").or_else(|| line.strip_prefix("///"))
        });
        for comment in comments {
            let rule = comment.trim_start().strip_prefix("Rule ").and_then(|c| c.split_once(':'));
            if let Some((rule, _)) = rule.filter(|(rule, _)| is_rule(rule)) {
                rules.entry(rule.to_owned()).or_default().push(path.to_owned());
            }
        }
    }
    rules
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Rules by a test whose name begins with them.
fn tested(tree: &Tree) -> BTreeMap<String, String> {
    let mut rules = BTreeMap::new();
    for (path, text) in tree.below(TESTS, ".rs") {
        for function in rust_text::functions(&rust_text::code_only(text)) {
            let rule = function.name.split('_').next().unwrap_or_default().to_uppercase();
            if is_rule(&rule) {
                rules.entry(rule).or_insert_with(|| format!("{path}: {}", function.name));
            }
        }
    }
    rules
}

/// Rules with a section: `## U1 · …`.
fn sections(book: &str) -> BTreeSet<String> {
    let headings = book.lines().filter_map(|line| line.strip_prefix("## "));
    let rules = headings.filter_map(|heading| heading.split_whitespace().next());
    rules.filter(|rule| is_rule(rule)).map(str::to_owned).collect()
}

fn decisions_without_rule(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.below(DECISIONS, ".rs") {
        if !rust_text::code_only(text).contains("pub fn decide") {
            continue;
        }
        let says = |line: &str| text.lines().any(|l| l.trim_start().starts_with(line));
        if !says("//! Rule ") {
            findings.push(Finding::new(path, "a decision states its rule: `//! Rule X1: …`"));
        }
        if !says("//! Source: ") && !says("//! Reading: ") {
            findings.push(Finding::new(path, "a decision states its `Source:` or our `Reading:`"));
        }
    }
    findings
}

/// A capital and a number.
fn is_rule(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_ascii_uppercase())
        && !characters.as_str().is_empty()
        && characters.all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECISION: &str =
        "//! Rule U1: a check lapses.\n//! Source: HL4246.\npub fn decide() -> u8 { 1 }";
    const TEST: &str = "#[test]\nfn u1_a_check_lapses() { }";
    const SECTION: &str = "# Rules\n\n## U1 · A check lapses\n";

    fn found(decision: &str, test: &str, book: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("domain/src/practitioner/lapse.rs", decision),
            ("domain/tests/rulebook/lapse.rs", test),
            (BOOK, book),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_in_all_three_places_is_in_order() {
        assert!(found(DECISION, TEST, SECTION).is_empty());
    }

    #[test]
    fn a_rule_without_a_test_is_found() {
        assert_eq!(
            found(DECISION, "fn u10_other() {}", SECTION),
            [
                "domain/src/practitioner/lapse.rs: rule U1: no test begins with `u1_`",
                "domain/tests/rulebook/lapse.rs: u10_other: no file in domain/src/ states rule U10",
            ]
        );
    }

    #[test]
    fn a_rule_without_a_section_is_found_and_a_section_without_its_rule() {
        assert_eq!(
            found(DECISION, TEST, "## U2 · Other\n"),
            [
                "domain/src/practitioner/lapse.rs: rule U1: docs/rulebook.md has no section `## U1 · …`",
                "docs/rulebook.md: U2: no file in domain/src/ states it",
            ]
        );
    }

    #[test]
    fn a_rule_stated_for_two_subjects_is_found_and_a_pair_is_not() {
        let found = |other: &str| {
            let first = ("domain/src/practitioner/grant.rs", DECISION);
            let test = ("domain/tests/rulebook/grant.rs", TEST);
            check(&Tree::of(&[first, (other, DECISION), test, (BOOK, SECTION)]))
        };
        assert_eq!(found("domain/src/practitioner/withdraw.rs"), []);
        let says = "stated for two subjects: in domain/src/practitioner/grant.rs and \
            domain/src/shield/lift.rs";
        assert_eq!(found("domain/src/shield/lift.rs"), [Finding::new("rule U1", says)]);
    }

    #[test]
    fn a_decision_that_states_no_rule_or_source_is_found() {
        assert_eq!(
            found("//! Decides.\npub fn decide() -> u8 { 1 }", "", ""),
            [
                "domain/src/practitioner/lapse.rs: a decision states its rule: `//! Rule X1: …`",
                "domain/src/practitioner/lapse.rs: a decision states its `Source:` or our `Reading:`",
            ]
        );
    }
}

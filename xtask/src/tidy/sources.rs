//! A source that a rule cites is listed, so that a reader can look it up.

use std::collections::BTreeSet;

use super::Finding;
use crate::tree::Tree;

const LIST: &str = "docs/sources.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let rows = tree.text(LIST).lines().filter_map(|line| line.strip_prefix("| "));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split(' ').next()).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.below("domain/src/", ".rs") {
        for (number, line) in text.lines().enumerate() {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            let words = comment.split(|c: char| !c.is_alphanumeric());
            for key in words.filter(|word| is_key(word) && !listed.contains(word)) {
                let place = format!("{path}:{}", number.saturating_add(1));
                findings.push(Finding::new(place, format!("{LIST} does not list {key}")));
            }
        }
    }
    findings
}

/// `S27`, `S5b`.
fn is_key(word: &str) -> bool {
    word.strip_prefix('S').is_some_and(|rest| {
        let number = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
            && rest.len().saturating_sub(number.len()) < 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_not_listed_is_found() {
        let text = "//! Source: S27 and S5b, not SI 2007 or S1/x.\nlet s9 = S9;";
        let list = "| key | source |\n| --- | --- |\n| S1 | a |\n| S27 | b |\n";
        let tree = Tree::of(&[("domain/src/a.rs", text), (LIST, list)]);
        assert_eq!(
            check(&tree),
            [Finding::new("domain/src/a.rs:1", "docs/sources.md does not list S5b")]
        );
    }
}

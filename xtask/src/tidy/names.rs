//! No junk drawers: if a thing has no better name, it is not a thing yet.

use super::Finding;
use crate::tree::Tree;

/// Not `services`: what works with a child is a service, in the words of the sources.
const DRAWERS: [&str; 14] = [
    "common", "core", "helper", "helpers", "manager", "managers", "misc", "models", "service",
    "shared", "stuff", "types", "util", "utils",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.files() {
        for part in path.split('/') {
            let name = part.split('.').next().unwrap_or(part);
            if DRAWERS.contains(&name) {
                findings.push(Finding::new(path, format!("`{name}` names a drawer, not a thing")));
            }
        }
        if path.ends_with("/mod.rs") {
            findings.push(Finding::new(path, "name the file after the module, beside its folder"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawers_and_mod_files_are_found_and_whole_words_are_not() {
        let tree = Tree::of(&[
            ("api/src/utils/text.rs", ""),
            ("api/src/types.rs", ""),
            ("api/src/caller/mod.rs", ""),
            ("domain/src/commonwealth.rs", ""),
        ]);
        assert_eq!(
            check(&tree),
            [
                Finding::new(
                    "api/src/caller/mod.rs",
                    "name the file after the module, beside its folder"
                ),
                Finding::new("api/src/types.rs", "`types` names a drawer, not a thing"),
                Finding::new("api/src/utils/text.rs", "`utils` names a drawer, not a thing"),
            ]
        );
    }
}

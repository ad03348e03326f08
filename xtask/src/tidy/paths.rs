//! No path of somebody's machine stands in a tracked file.

use super::Finding;
use crate::tree::Tree;

/// First folders of a path that exists on one machine only.
const FOLDERS: [&str; 5] = ["home", "root", "tmp", "work", "Users"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        for (number, line) in text.lines().enumerate() {
            for folder in FOLDERS.iter().filter(|folder| names(line, folder)) {
                let place = format!("{path}:{}", number.saturating_add(1));
                findings
                    .push(Finding::new(place, format!("a path below /{folder} of one machine")));
            }
        }
    }
    findings
}

/// Whether a path beginning with the folder stands in the line; not as the inner part of a longer one.
fn names(line: &str, folder: &str) -> bool {
    line.match_indices(&format!("/{folder}/")).any(|(at, _)| {
        let before = line.split_at(at).0.chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "\"'`(=:<".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_and_a_path_of_an_address_is_not() {
        let bad = format!("a\nsee /{}/x", FOLDERS[1]);
        let good = "https://example.org/home/x and src/work/y and ./tmp/z";
        let tree = Tree::of(&[("a.md", &bad), ("b.md", good)]);
        assert_eq!(check(&tree), [Finding::new("a.md:2", "a path below /root of one machine")]);
    }
}

//! A document's links to other files of the repository lead somewhere.

use super::Finding;
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.below("", ".md") {
        for (number, line) in text.lines().enumerate() {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for link in links.filter(|link| !link.contains(':') && !link.starts_with('#')) {
                let target = resolve(path, link);
                let leads = tree.files().any(|(file, _)| {
                    file.strip_prefix(&target).is_some_and(|r| r.is_empty() || r.starts_with('/'))
                });
                if !leads {
                    let place = format!("{path}:{}", number.saturating_add(1));
                    findings.push(Finding::new(place, format!("nothing is at {target}")));
                }
            }
        }
    }
    findings
}

/// The path from the root that a link in a document means.
fn resolve(document: &str, link: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in link.split('#').next().unwrap_or_default().split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let text = "[a](adr/) [b](../README.md#run) [c](https://x.org/y) [d](#here)\n[e](gone.md)";
        let tree = Tree::of(&[("docs/a.md", text), ("docs/adr/1.md", ""), ("README.md", "")]);
        assert_eq!(check(&tree), [Finding::new("docs/a.md:2", "nothing is at docs/gone.md")]);
    }
}

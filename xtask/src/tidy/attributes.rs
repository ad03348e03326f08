//! Nothing is switched off in silence, put off, or left out of the tests.

use super::Finding;
use crate::{rust_text, tree::Tree};

/// Code, and what to do instead.
const CODE: [(&str, &str); 5] = [
    ("#[allow(", "use #[expect(…, reason = \"…\")]"),
    ("#![allow(", "use #![expect(…, reason = \"…\")]"),
    ("#[ignore", "assert what holds today and say why it is wrong"),
    ("todo!(", "finish it, or leave it out and say so in docs/open.md"),
    ("unimplemented!(", "finish it, or leave it out and say so in docs/open.md"),
];

/// Words in comments and documents that put something off.
const WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.below("", ".rs") {
        let code = rust_text::code_only(text);
        for (number, line) in code.lines().enumerate() {
            for (found, instead) in CODE.iter().filter(|(found, _)| line.contains(found)) {
                let place = format!("{path}:{}", number.saturating_add(1));
                findings.push(Finding::new(place, format!("`{found}`: {instead}")));
            }
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| *path != "Cargo.lock") {
        for (number, line) in text.lines().enumerate() {
            let mut words = line.split(|c: char| !c.is_alphanumeric());
            if let Some(word) = words.find(|word| WORDS.contains(word)) {
                let place = format!("{path}:{}", number.saturating_add(1));
                findings.push(Finding::new(place, format!("`{word}`: write it in docs/open.md")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_or_put_off_is_found() {
        let bad = format!(
            "#[allow(unused)]\n#[ignore = \"slow\"]\nfn f() {{ todo!() }}\n// {}: later\n\"#[ignore\"",
            WORDS[0]
        );
        let places: Vec<String> =
            check(&Tree::of(&[("a.rs", &bad)])).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4"]);
    }
}

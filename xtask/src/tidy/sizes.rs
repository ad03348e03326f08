//! At most 300 lines of code in a file and 60 in a function, tests excepted.
//!
//! What is longer stands in `xtask/tidy-allow.toml` with its lines and the reason. An entry that is no
//! longer needed is a finding as well, so the list can only be as long as it must be.

use serde::Deserialize;

use super::Finding;
use crate::{rust_text, tree::Tree};

/// The list of exceptions.
pub(super) const ALLOWED: &str = "xtask/tidy-allow.toml";
const FILE_GOAL: usize = 300;
const FUNCTION_GOAL: usize = 60;

/// The exceptions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    #[serde(default)]
    file: Vec<Exception>,
    #[serde(default)]
    function: Vec<Exception>,
}

/// One exception.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    path: String,
    /// Of the function; absent for a file.
    name: Option<String>,
    /// How long it may be.
    lines: usize,
    reason: String,
}

impl Allowed {
    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// A file or a function, measured.
struct Measured<'a> {
    path: &'a str,
    name: Option<String>,
    lines: usize,
}

pub(super) fn check(tree: &Tree, allowed: &Allowed) -> Vec<Finding> {
    let (mut files, mut functions) = (Vec::new(), Vec::new());
    for (path, text) in tree.below("", ".rs").filter(|(path, _)| !is_test(path)) {
        let code = rust_text::without_tests(&rust_text::code_only(text));
        files.push(Measured { path, name: None, lines: rust_text::lines(&code) });
        for function in rust_text::functions(&code) {
            let name = Some(function.name.to_owned());
            functions.push(Measured { path, name, lines: function.lines });
        }
    }
    let mut findings = compare(&files, &allowed.file, FILE_GOAL);
    findings.extend(compare(&functions, &allowed.function, FUNCTION_GOAL));
    findings
}

fn compare(measured: &[Measured<'_>], allowed: &[Exception], goal: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    for long in measured.iter().filter(|measured| measured.lines > goal) {
        let limit = allowed.iter().find(|entry| entry.excepts(long)).map_or(goal, |e| e.lines);
        if long.lines > limit {
            let says = format!("{} lines of code, at most {limit} are allowed", long.lines);
            findings.push(Finding::new(place(long.path, long.name.as_deref()), says));
        }
    }
    for entry in allowed {
        let place = format!("{ALLOWED}: {}", place(&entry.path, entry.name.as_deref()));
        if !measured.iter().any(|measured| measured.lines > goal && entry.excepts(measured)) {
            findings.push(Finding::new(place.clone(), "no longer needed: delete the entry"));
        }
        if entry.reason.trim().is_empty() {
            findings.push(Finding::new(place, "an exception needs its reason"));
        }
    }
    findings
}

impl Exception {
    fn excepts(&self, measured: &Measured<'_>) -> bool {
        self.path == measured.path && self.name == measured.name
    }
}

fn place(path: &str, name: Option<&str>) -> String {
    name.map_or_else(|| path.to_owned(), |name| format!("{path}: {name}"))
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_file() -> String {
        "const A: u8 = 1;\n".repeat(301)
    }

    fn long_function() -> String {
        format!("fn long() {{\n{}}}\n", "    a();\n".repeat(59))
    }

    #[test]
    fn a_file_over_the_goal_is_found_unless_it_is_a_test() {
        let long = long_file();
        let tree = Tree::of(&[("a/src/b.rs", &long), ("a/tests/c/b.rs", &long)]);
        let found = check(&tree, &Allowed::default());
        assert_eq!(
            found,
            [Finding::new("a/src/b.rs", "301 lines of code, at most 300 are allowed")]
        );
    }

    #[test]
    fn a_function_over_the_goal_is_found() {
        let long = long_function();
        let found = check(&Tree::of(&[("a/src/b.rs", &long)]), &Allowed::default());
        assert_eq!(
            found,
            [Finding::new("a/src/b.rs: long", "61 lines of code, at most 60 are allowed")]
        );
    }

    #[test]
    fn an_exception_holds_up_to_its_lines_and_no_further() {
        let tree_text = long_file();
        let tree = Tree::of(&[("a.rs", &tree_text)]);
        let entry = |lines: u32| {
            Allowed::parse(&format!("[[file]]\npath='a.rs'\nlines={lines}\nreason='one table'"))
                .unwrap()
        };
        assert_eq!(check(&tree, &entry(301)), []);
        assert_eq!(
            check(&tree, &entry(300)),
            [Finding::new("a.rs", "301 lines of code, at most 300 are allowed")]
        );
    }

    #[test]
    fn an_exception_without_need_or_reason_is_found() {
        let allowed = "[[function]]\npath='a.rs'\nname='f'\nlines=70\nreason=' '";
        let found = check(&Tree::of(&[("a.rs", "fn f() {}")]), &Allowed::parse(allowed).unwrap());
        let place = "xtask/tidy-allow.toml: a.rs: f";
        assert_eq!(
            found,
            [
                Finding::new(place, "no longer needed: delete the entry"),
                Finding::new(place, "an exception needs its reason"),
            ]
        );
    }
}

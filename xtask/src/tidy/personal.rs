//! Read models hold handles: no projection reads a personal value.

use super::Finding;
use crate::{rust_text, tree::Tree};

/// The place that reads them: nothing but keyed digests leaves it.
const DIGESTS: &str = "projections/src/marks/";

const READS: [&str; 3] = ["Personal::Known", ".known()", ".expose()"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |path: &&str| !path.starts_with(DIGESTS);
    for (path, text) in tree.below("projections/src/", ".rs").filter(|(path, _)| elsewhere(path)) {
        let code = rust_text::without_tests(&rust_text::code_only(text));
        for (number, line) in code.lines().enumerate() {
            for read in READS.iter().filter(|read| line.contains(**read)) {
                let place = format!("{path}:{}", number.saturating_add(1));
                let says = format!("`{read}` in a projection: read models hold handles only");
                findings.push(Finding::new(place, says));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_that_reads_a_personal_value_is_found() {
        let bad = "// Personal::Known is not read here\nlet n = match x { Personal::Known(n) => n };\ny.known();";
        let tree = Tree::of(&[("projections/src/a.rs", bad), ("api/src/a.rs", bad)]);
        let places: Vec<String> = check(&tree).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["projections/src/a.rs:2", "projections/src/a.rs:3"]);
    }
}

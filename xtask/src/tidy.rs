//! What the compiler does not check: sizes, names, the rule-book, personal data, dependencies, paths,
//! links.

mod attributes;
mod dependencies;
mod links;
mod names;
mod paths;
mod personal;
mod rulebook;
mod sizes;
mod sources;
mod stored_names;

use std::{fmt, path::Path};

use crate::tree::Tree;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Where.
    place: String,
    /// What, and what would be right.
    says: String,
}

impl Finding {
    fn new(place: impl Into<String>, says: impl Into<String>) -> Self {
        Self { place: place.into(), says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.says)
    }
}

/// Every check on the working copy.
pub(crate) fn run(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let allowed = sizes::Allowed::parse(tree.text(sizes::ALLOWED))?;
    let packages = dependencies::packages(root)?;
    Ok([
        sizes::check(&tree, &allowed),
        names::check(&tree),
        rulebook::check(&tree),
        sources::check(&tree),
        stored_names::check(&tree),
        personal::check(&tree),
        dependencies::check(&packages),
        dependencies::check_lock(tree.text("Cargo.lock")),
        paths::check(&tree),
        links::check(&tree),
        attributes::check(&tree),
    ]
    .concat())
}

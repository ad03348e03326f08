//! Whether a record exists, and whether anybody may see it.

use std::collections::BTreeSet;

use crate::identity::ChildRef;

/// Whether a record exists, and whether anybody may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordStanding {
    /// No record was created here.
    #[default]
    Absent,
    /// A record that users may look at.
    Live,
    /// It nearly matches others; nobody sees it until a management team has decided.
    Quarantined {
        /// The records it nearly matches.
        matches: BTreeSet<ChildRef>,
    },
    /// Found to be the same child as another record; it stays invisible for good.
    SameChild,
    /// In the archive.
    Archived {
        /// Whether data managers no longer read it either.
        narrowed: bool,
    },
    /// Erased, or about to be: nobody sees anything of it.
    Purged,
}

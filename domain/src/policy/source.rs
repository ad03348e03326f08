//! On whose word a value rests.

use serde::{Deserialize, Serialize};

/// Where a policy value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A published statement, by its citation.
    Stated(String),
    /// The sources are silent; the project chose, for this reason.
    Ours(String),
}

//! Gender, or the explicit statement that it is not specified.

use serde::{Deserialize, Serialize};

/// Schedule 1, paragraph 3 (S1c): a gender, or an explicit statement that it is not specified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Stated to be not specified.
    NotSpecified,
}

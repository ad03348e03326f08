//! What can happen to the policy.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{PolicyVersion, Source, Values};

/// An event of the `policy` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A set of values was adopted, in force from a day on.
    #[serde(rename = "policy.version-adopted/1")]
    VersionAdopted {
        /// Its number: one more than the last.
        version: PolicyVersion,
        /// The first day on which it holds. Never earlier than a day already judged.
        effective_from: NaiveDate,
        /// The values, all of them.
        values: Box<Values>,
        /// The source of each value, by field name.
        sources: BTreeMap<String, Source>,
    },
}

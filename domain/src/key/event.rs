//! What can happen to the key of a subject.

use serde::{Deserialize, Serialize};

/// An event of a `key-{subject}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A key was made for a subject. Nothing personal about it can be recorded before.
    #[serde(rename = "key.subject-key-created/1")]
    SubjectKeyCreated {
        /// The commitment to the key: `SHA-256("kc1" || key)`, hexadecimal.
        commitment: String,
        /// The epoch of the key that wraps it.
        epoch: u32,
    },
}

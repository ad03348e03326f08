//! Why somebody looks: a code and their own words. Without a reason no record opens (S5, S9d).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{personal::Personal, reason::Text};

/// A code for the reason, from the list in the policy. Lower case, digits and hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReasonCode(String);

/// The text is no reason code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reason code is 1 to 40 lower-case letters, digits and hyphens")]
pub struct UnusableReasonCode;

impl ReasonCode {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReasonCode {
    type Error = UnusableReasonCode;
    fn try_from(code: String) -> Result<Self, UnusableReasonCode> {
        let usable = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=40).contains(&code.len()) && code.bytes().all(usable) {
            Ok(Self(code))
        } else {
            Err(UnusableReasonCode)
        }
    }
}

impl From<ReasonCode> for String {
    fn from(code: ReasonCode) -> Self {
        code.0
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The reason for a look: the code in the open, the words sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The code.
    pub code: ReasonCode,
    /// The words, verbatim.
    pub text: Personal<Text>,
}

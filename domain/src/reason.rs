//! Free text given by a person, verbatim: a reason, a rationale, a view. Never blank, never printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most a text may hold, in characters. Ours: two printed pages; entries stay far below 64 KiB.
pub const MOST_CHARACTERS: usize = 8_000;

/// A text somebody gave, kept verbatim.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

/// Why a text cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableText {
    /// Nothing but white space.
    #[error("the text is blank")]
    Blank,
    /// More than [`MOST_CHARACTERS`].
    #[error("the text has more than {MOST_CHARACTERS} characters")]
    TooLong,
}

impl Text {
    /// The text itself. A personal value: only for a screen somebody is entitled to.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Text {
    type Error = UnusableText;
    fn try_from(text: String) -> Result<Self, UnusableText> {
        if text.trim().is_empty() {
            Err(UnusableText::Blank)
        } else if text.chars().count() > MOST_CHARACTERS {
            Err(UnusableText::TooLong)
        } else {
            Ok(Self(text))
        }
    }
}

impl TryFrom<&str> for Text {
    type Error = UnusableText;
    fn try_from(text: &str) -> Result<Self, UnusableText> {
        Self::try_from(text.to_owned())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[text]")
    }
}

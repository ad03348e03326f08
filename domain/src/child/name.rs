//! A person's name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters either part may have. Ours.
const MOST_CHARACTERS: usize = 100;

/// Given names and surname, as written. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Name {
    given: String,
    surname: String,
}

#[derive(Serialize, Deserialize)]
struct Parts {
    given: String,
    surname: String,
}

/// Why a name cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableName {
    /// One part is blank.
    #[error("{0} is blank")]
    Blank(&'static str),
    /// One part is too long.
    #[error("{0} has more than {MOST_CHARACTERS} characters")]
    TooLong(&'static str),
}

impl Name {
    /// Takes a name as written, without surrounding white space.
    ///
    /// # Errors
    /// When a part is blank or longer than 100 characters.
    pub fn new(given: &str, surname: &str) -> Result<Self, UnusableName> {
        Ok(Self { given: part("given", given)?, surname: part("surname", surname)? })
    }

    /// The given names. A personal value: only for a screen somebody is entitled to.
    pub fn expose_given(&self) -> &str {
        &self.given
    }

    /// The surname. A personal value: only for a screen somebody is entitled to.
    pub fn expose_surname(&self) -> &str {
        &self.surname
    }
}

fn part(which: &'static str, text: &str) -> Result<String, UnusableName> {
    let text = text.trim();
    if text.is_empty() {
        Err(UnusableName::Blank(which))
    } else if text.chars().count() > MOST_CHARACTERS {
        Err(UnusableName::TooLong(which))
    } else {
        Ok(text.to_owned())
    }
}

impl TryFrom<Parts> for Name {
    type Error = UnusableName;
    fn try_from(parts: Parts) -> Result<Self, UnusableName> {
        Self::new(&parts.given, &parts.surname)
    }
}

impl From<Name> for Parts {
    fn from(name: Name) -> Self {
        Self { given: name.given, surname: name.surname }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[name]")
    }
}

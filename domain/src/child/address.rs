//! Where a child is: never an empty field, always a statement (Schedule 1, paragraph 2, S1c).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A postal address. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Address {
    lines: Vec<String>,
    postcode: String,
}

#[derive(Serialize, Deserialize)]
struct Parts {
    lines: Vec<String>,
    postcode: String,
}

/// Why an address cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableAddress {
    /// No line, or more than five, or a blank one, or one over 100 characters.
    #[error("an address has one to five lines of one to 100 characters")]
    Lines,
    /// Not the form of a postcode.
    #[error("the postcode does not have the form of a postcode")]
    Postcode,
}

impl Address {
    /// Takes an address as written; the postcode is put into capitals with one space.
    ///
    /// # Errors
    /// When the lines or the postcode do not have the form of an address.
    pub fn new(lines: &[&str], postcode: &str) -> Result<Self, UnusableAddress> {
        let lines: Vec<String> = lines.iter().map(|line| line.trim().to_owned()).collect();
        let usable = |line: &String| !line.is_empty() && line.chars().count() <= 100;
        if lines.is_empty() || lines.len() > 5 || !lines.iter().all(usable) {
            return Err(UnusableAddress::Lines);
        }
        let compact: String =
            postcode.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        if !compact.is_ascii() || !(5..=7).contains(&compact.len()) {
            return Err(UnusableAddress::Postcode);
        }
        let (outward, inward) = compact.split_at(compact.len().saturating_sub(3));
        let fits = outward.starts_with(|c: char| c.is_ascii_alphabetic())
            && compact.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && inward.starts_with(|c: char| c.is_ascii_digit())
            && inward.bytes().skip(1).all(|byte| byte.is_ascii_alphabetic());
        if fits {
            Ok(Self { lines, postcode: format!("{outward} {inward}") })
        } else {
            Err(UnusableAddress::Postcode)
        }
    }

    /// The lines. A personal value: only for a screen somebody is entitled to.
    pub fn expose_lines(&self) -> &[String] {
        &self.lines
    }

    /// The postcode. A personal value: only for a screen somebody is entitled to.
    pub fn expose_postcode(&self) -> &str {
        &self.postcode
    }
}

impl TryFrom<Parts> for Address {
    type Error = UnusableAddress;
    fn try_from(parts: Parts) -> Result<Self, UnusableAddress> {
        let lines: Vec<&str> = parts.lines.iter().map(String::as_str).collect();
        Self::new(&lines, &parts.postcode)
    }
}

impl From<Address> for Parts {
    fn from(address: Address) -> Self {
        Self { lines: address.lines, postcode: address.postcode }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[address]")
    }
}

/// What is said about the return of somebody who left England.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnStatement {
    /// They intend to return within three years.
    Intends,
    /// They do not intend to return within three years.
    DoesNotIntend,
    /// It is not known.
    NotKnown,
}

/// Where a child is. A sum, not an empty string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whereabouts {
    /// The current address.
    Current(Address),
    /// The last known address; the current one is not known.
    LastKnown(Address),
    /// No address is known.
    NoKnownAddress,
    /// Not living in England any more.
    LeftEngland(ReturnStatement),
}

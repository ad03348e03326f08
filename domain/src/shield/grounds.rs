//! The grounds of a shield (HL4249): at least one of four, or another with an explanation.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{personal::Personal, reason::Text};

/// Reason to believe that not shielding is likely to …
///
/// Source: HL4249. The list is introduced by "for example" and joined by "and/or".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// … place a child at increased risk of significant harm.
    ChildAtRisk,
    /// … put a child's placement at risk (in the case of adoption).
    PlacementAtRisk,
    /// … place an adult at increased risk of significant harm.
    AdultAtRisk,
    /// … prejudice the prevention or detection of a serious crime.
    SeriousCrime,
}

/// A set of at least one ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Grounds {
    stated: BTreeSet<Ground>,
    other: Option<Personal<Text>>,
}

#[derive(Serialize, Deserialize)]
struct Parts {
    stated: BTreeSet<Ground>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    other: Option<Personal<Text>>,
}

/// No ground at all was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shield needs at least one ground: one of the four, or another with its explanation")]
pub struct NoUsableGround;

impl Grounds {
    /// Takes the stated grounds, and another ground explained.
    ///
    /// # Errors
    /// When there is neither.
    pub fn new(
        stated: BTreeSet<Ground>,
        other: Option<Personal<Text>>,
    ) -> Result<Self, NoUsableGround> {
        if stated.is_empty() && other.is_none() {
            Err(NoUsableGround)
        } else {
            Ok(Self { stated, other })
        }
    }

    /// Those of the four that were stated.
    pub const fn stated(&self) -> &BTreeSet<Ground> {
        &self.stated
    }

    /// The explanation of another ground, if one was given.
    pub const fn other(&self) -> Option<&Personal<Text>> {
        self.other.as_ref()
    }
}

impl TryFrom<Parts> for Grounds {
    type Error = NoUsableGround;
    fn try_from(parts: Parts) -> Result<Self, NoUsableGround> {
        Self::new(parts.stated, parts.other)
    }
}

impl From<Grounds> for Parts {
    fn from(grounds: Grounds) -> Self {
        Self { stated: grounds.stated, other: grounds.other }
    }
}

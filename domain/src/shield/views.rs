//! The views that must be taken into account: of the child, the carers, the practitioners (HL4249).

use serde::{Deserialize, Serialize};

use crate::{personal::Personal, reason::Text};

/// Whose view it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The child or young person.
    Child,
    /// The parents or carers, where appropriate.
    Carer,
    /// Relevant involved practitioners, where appropriate.
    Practitioner,
}

impl Party {
    /// All three whose views must be considered.
    pub const ALL: [Self; 3] = [Self::Child, Self::Carer, Self::Practitioner];
}

/// A view, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// They expressed this.
    Expressed(Personal<Text>),
    /// They were asked and expressed none.
    NoneExpressed,
    /// It was not appropriate to ask, for this reason.
    NotAppropriate(Personal<Text>),
}

/// What kind of view was considered; survives the erasure of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewKind {
    /// A view was expressed.
    Expressed,
    /// None was expressed.
    NoneExpressed,
    /// Asking was not appropriate.
    NotAppropriate,
}

impl View {
    /// Which kind it is.
    pub const fn kind(&self) -> ViewKind {
        match self {
            Self::Expressed(_) => ViewKind::Expressed,
            Self::NoneExpressed => ViewKind::NoneExpressed,
            Self::NotAppropriate(_) => ViewKind::NotAppropriate,
        }
    }
}

//! A request to be put in touch with whoever else works with a child: asked, looked into, answered.

pub mod broker;
pub mod decline;
pub mod request;
pub mod view;

use serde::Serialize;

use super::Purpose;
use crate::identity::PractitionerId;

/// How far a request has come. Once it is brokered or declined, it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Asked for.
    Requested,
    /// The team has looked behind the shield.
    Viewed,
    /// The two were put in touch.
    Brokered,
    /// The team decided not to.
    Declined,
}

impl Stage {
    /// Whether it waits for the team.
    pub const fn waits(self) -> bool {
        match self {
            Self::Requested | Self::Viewed => true,
            Self::Brokered | Self::Declined => false,
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brokering {
    /// Whose; every request is a person's.
    pub user: Option<PractitionerId>,
    /// Why.
    pub purpose: Purpose,
    /// How far it has come.
    pub stage: Stage,
}

impl Brokering {
    pub(super) const fn requested(purpose: Purpose, user: Option<PractitionerId>) -> Self {
        Self { user, purpose, stage: Stage::Requested }
    }
}

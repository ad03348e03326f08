//! One opening of the record by one user.

use chrono::{DateTime, Utc};

use super::Basis;
use crate::identity::PractitionerId;

/// An opening: from the first sight of the record until the user leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Opening {
    /// Who opened; every opening is a person's.
    pub user: Option<PractitionerId>,
    /// When.
    pub at: DateTime<Utc>,
    /// In what capacity.
    pub basis: Basis,
    /// Whether they have not left yet.
    pub open: bool,
}

impl Opening {
    /// Whether this person has the record open by it.
    pub fn is_open_to(&self, user: PractitionerId) -> bool {
        self.open && self.user == Some(user)
    }
}

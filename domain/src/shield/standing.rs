//! Where a shield stands: the alternatives, each with what belongs to it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Grounds, ThreatLevel};
use crate::identity::{OrganisationId, ShieldRequestId};

/// Where a shield stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// No shield, and nobody waits for a decision.
    #[default]
    Unshielded,
    /// No shield; somebody asked for one.
    Requested {
        /// The request that opened the matter.
        request: ShieldRequestId,
        /// Since when it waits.
        since: DateTime<Utc>,
    },
    /// Shielded at once, until it is decided.
    Provisional {
        /// The grounds.
        grounds: Grounds,
        /// Since when.
        since: DateTime<Utc>,
        /// By which day it should be decided. It stays on all the same.
        decision_due: NaiveDate,
    },
    /// Shielded by decision of an authority.
    Applied(Applied),
}

/// A shield in force by decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// The authority that decided. Responsibility may have passed to another since.
    pub authority: OrganisationId,
    /// The grounds.
    pub grounds: Grounds,
    /// The level of threat.
    pub threat_level: ThreatLevel,
    /// Since when the record has been shielded without a break, a provisional shield included.
    pub since: DateTime<Utc>,
    /// By which day it must be reviewed.
    pub review_due: NaiveDate,
    /// A request made since the last decision, which entitles the authority to determine anew.
    pub requested_again: Option<ShieldRequestId>,
    /// A review decided to lift; the decision to lift is owed.
    pub lift_owed: bool,
}

//! Rule S3: for each of child, carers and practitioners, the authority records the view, or why there is
//! none.
//!
//! Source: HL4249: views expressed by the child or young person and, where appropriate, by parents or
//! carers and relevant involved practitioners must be taken into account.
//! Reading: views belong to a decision that is pending: a request, a provisional shield, a challenge, or an
//! applied one, which may be reviewed or lifted. Each decision uses up the views recorded before it. A view
//! recorded anew replaces the earlier one, which stays in the log. That asking was "not appropriate" needs
//! its reason; for the child the source has no such exception, so a child may have expressed none, and a
//! reason why a child was not asked (an infant, say) is recorded in the same form.

use chrono::{DateTime, Utc};

use super::{Event, Party, Shield, Standing, View};
use crate::{
    caller::Caller,
    child::{Barred, Child, entitlement},
    organisation::Capability,
    policy::Policy,
};

/// Records a view, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose.
    pub party: Party,
    /// The view.
    pub view: View,
}

/// Why no view is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not record views on this record.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// There is no request, no challenge and no shield to have a view on.
    #[error("there is no request, no challenge and no shield to have a view on")]
    NothingToDecide,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &RecordView,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    match shield.standing() {
        Standing::Unshielded if shield.challenged().is_none() => Err(Rejection::NothingToDecide),
        Standing::Unshielded
        | Standing::Requested { .. }
        | Standing::Provisional { .. }
        | Standing::Applied(_) => {
            Ok(vec![Event::ViewRecorded { party: command.party, view: command.view.clone() }])
        }
    }
}

//! Rule A19: the two are put in touch outside the directory, and that it was done is recorded.
//!
//! Source: S27 (brokering by the management team).
//! Reading: by the responsible authority's team, after it has looked for this request, with somebody
//! whose involvement is on the record, sensitive or not. The user who asked learns that it was done,
//! and from the other party, by telephone, what that party wishes to say; nothing from the directory.

use chrono::{DateTime, Utc};

use super::Stage;
use crate::{
    access::{Access, Event},
    caller::Caller,
    child::{Barred, Child, entitlement},
    identity::{BrokeringId, InvolvementId},
    organisation::Capability,
    personal::Personal,
    policy::Policy,
    reason::Text,
};

/// Record that the two were put in touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerContact {
    /// When.
    pub at: DateTime<Utc>,
    /// Which request.
    pub brokering: BrokeringId,
    /// With whom: by their involvement.
    pub with: InvolvementId,
    /// What came of it.
    pub outcome: Personal<Text>,
}

/// Why it is not recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// Nobody asked for it.
    #[error("no such request for contact")]
    NoSuchBrokering,
    /// The team has not looked for it.
    #[error("nobody has looked at the record for this request")]
    NotViewed,
    /// It has been answered.
    #[error("the request for contact has been answered")]
    Answered(Stage),
    /// There is no such involvement on the record.
    #[error("there is no such involvement on the record")]
    NoSuchInvolvement,
}

/// Decides.
pub fn decide(
    access: &Access,
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &BrokerContact,
) -> Result<Vec<Event>, Rejection> {
    entitlement::responsible_team(child, policy, caller, command.at, Capability::Shield)?;
    let asked = access.brokering(command.brokering).ok_or(Rejection::NoSuchBrokering)?;
    match asked.stage {
        Stage::Viewed => {}
        Stage::Requested => return Err(Rejection::NotViewed),
        Stage::Brokered | Stage::Declined => return Err(Rejection::Answered(asked.stage)),
    }
    let involved = child.involvements().contains_key(&command.with)
        || child.sensitive_involvements().contains_key(&command.with);
    if !involved {
        return Err(Rejection::NoSuchInvolvement);
    }
    Ok(vec![Event::ContactBrokered {
        brokering: command.brokering,
        with: command.with,
        outcome: command.outcome.clone(),
    }])
}

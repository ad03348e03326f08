//! Rule K3: a young person may consent to stay in the directory beyond 18, until their 25th birthday at the
//! latest, and may withdraw that.
//!
//! Source: S1, S3, S28b: over 18 only with the person's own consent (care leavers, learning difficulties), to
//! 25 at most.
//! Reading: consent is asked in the year before the 18th birthday, so from the 17th on, and while the record
//! is live: what is in the archive stays there. A user who may write to the record records it. A new consent
//! replaces the one before, and a withdrawal. Withdrawing what was not given changes nothing.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Child, Event,
    archive::birthday,
    entitlement::{self, Barred},
};
use crate::{caller::Caller, organisation::Capability, personal::Personal, policy::Policy};

/// From which age on the person is asked. Ours: a year before it matters.
const ASKED_FROM_AGE: u32 = 17;

/// Records that a young person consents, or no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentToStay {
    /// When.
    pub at: DateTime<Utc>,
    /// What they say.
    pub says: Says,
}

/// What a young person says about staying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// They stay until this day, exclusive.
    Until(NaiveDate),
    /// They no longer stay beyond 18.
    NoLonger,
}

/// Why nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not write here.
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The person is too young to be asked.
    #[error("the person is under 17")]
    TooYoung,
    /// The day lies beyond the greatest age, or is over already, or before adulthood.
    #[error("the day must come, lie after the 18th birthday and not after the 25th")]
    UnusableDay,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ConsentToStay,
) -> Result<Vec<Event>, Rejection> {
    entitlement::user(child, policy, caller, command.at, Capability::Update)?;
    let today = command.at.date_naive();
    let keeping = child.keeping();
    let until = match command.says {
        Says::NoLonger if keeping.consent.is_none() || keeping.withdrawn.is_some() => {
            return Ok(Vec::new());
        }
        Says::NoLonger => return Ok(vec![Event::ParticipationConsentWithdrawn { on: today }]),
        Says::Until(until) => until,
    };
    let retention = policy.on(today).1.retention();
    let reaches = |age| {
        let born = child.date_of_birth().and_then(Personal::known);
        born.and_then(|born| birthday(*born, age))
    };
    if reaches(ASKED_FROM_AGE).is_none_or(|day| today < day) {
        return Err(Rejection::TooYoung);
    }
    let usable = until > today
        && reaches(retention.archived_at_age).is_some_and(|adult| until > adult)
        && reaches(retention.consent_until_age).is_some_and(|last| until <= last);
    if !usable {
        return Err(Rejection::UnusableDay);
    }
    Ok(vec![Event::ParticipationConsentGiven { until: Personal::Known(until) }])
}

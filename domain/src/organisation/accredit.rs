//! Rule O2: an organisation is accredited on proof of suitable disciplinary procedures, for a term.
//!
//! Source: Commons 12 October 2009, 283329 (every organisation, before any of its staff; proof of suitable
//! disciplinary procedures).
//! Reading: from the day of the decision, neither earlier nor later, for the months of the policy. May be
//! renewed at any time; the new term runs from that day.

use chrono::{DateTime, Months, Utc};

use super::{Accreditation, Event, Organisation};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    policy::Policy,
};

/// Accredit an organisation, for the first time or again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accredit {
    /// Now.
    pub at: DateTime<Utc>,
    /// Whether proof of suitable disciplinary procedures was seen.
    pub disciplinary_procedures_seen: bool,
}

/// Why an organisation is not accredited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It is not registered.
    #[error("no such organisation is registered")]
    NotRegistered,
    /// No proof was seen.
    #[error("proof of suitable disciplinary procedures was not seen")]
    NoDisciplinaryProcedures,
}

/// Accredits the organisation; quiet if the term would be the same.
pub fn decide(
    organisation: &Organisation,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Accredit,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::Official)?;
    if organisation.registration().is_none() {
        return Err(Rejection::NotRegistered);
    }
    if !command.disciplinary_procedures_seen {
        return Err(Rejection::NoDisciplinaryProcedures);
    }
    let on = command.at.date_naive();
    let months = Months::new(policy.on(on).1.accreditation_months);
    let until = on.checked_add_months(months).unwrap_or(on);
    match organisation.accreditation() {
        Accreditation::Granted { from, until: held } if from <= on && held >= until => {
            Ok(Vec::new())
        }
        Accreditation::Never | Accreditation::Granted { .. } | Accreditation::Withdrawn { .. } => {
            Ok(vec![Event::Accredited { on, until, disciplinary_procedures_seen: true }])
        }
    }
}

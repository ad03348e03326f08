//! Rule U10: a user signs the end-user agreement, after the procedures were provided.
//!
//! Source: HL4246 ("be provided with the ContactPoint security operating procedures; and sign an end-user
//! agreement form which sets out the responsibilities and commitments").
//! Reading: the order of the answer is the order of events; the same day will do. The agreement signed is
//! of the edition of the procedures held. The person signs, or a keeper of the account records a signature on paper.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Event, Practitioner,
    custody::{NoOpenAccount, by_its_keepers, open_account},
};
use crate::{
    caller::{Caller, NotEntitled},
    policy::Policy,
};

/// Sign the end-user agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignAgreement {
    /// Now.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
    /// Which edition.
    pub edition: String,
}

/// Why it is not recorded as signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no open account.
    #[error(transparent)]
    NoOpenAccount(#[from] NoOpenAccount),
    /// The day has not come.
    #[error("the day {on} is in the future")]
    InTheFuture {
        /// The day given.
        on: NaiveDate,
    },
    /// The procedures were not provided.
    #[error("the security operating procedures come first, and were not provided")]
    ProceduresNotProvided,
    /// Signed before the procedures were provided.
    #[error(
        "the procedures were provided on {provided_on}; an agreement is signed on that day or later"
    )]
    SignedBeforeProcedures {
        /// When they were.
        provided_on: NaiveDate,
    },
    /// Another edition than the procedures held.
    #[error("the procedures held are of edition {held}")]
    OtherEdition {
        /// The edition held.
        held: String,
    },
}

/// Records the signature; quiet if the edition is signed.
pub fn decide(
    practitioner: &Practitioner,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &SignAgreement,
) -> Result<Vec<Event>, Rejection> {
    let nomination = open_account(practitioner)?;
    if practitioner.id() != Some(caller.id) {
        by_its_keepers(caller, policy, command.at, practitioner, nomination)?;
    }
    if command.on > command.at.date_naive() {
        return Err(Rejection::InTheFuture { on: command.on });
    }
    let procedures = practitioner.procedures().ok_or(Rejection::ProceduresNotProvided)?;
    if command.on < procedures.on {
        return Err(Rejection::SignedBeforeProcedures { provided_on: procedures.on });
    }
    if command.edition != procedures.edition {
        return Err(Rejection::OtherEdition { held: procedures.edition.clone() });
    }
    if practitioner.agreement().is_some_and(|signed| signed.edition == command.edition) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::EndUserAgreementSigned { on: command.on, edition: command.edition.clone() }])
}

//! Counts for Parliament: as of a day, and as known on another.
//!
//! What was recorded after the day of knowledge does not count, whatever day it speaks of. So the answer
//! that was given then can be given again, beside the one that would be given now.

use chrono::NaiveDate;
use domain::organisation::OrganisationKind;

use super::{
    AuthorisedUsers, Organisations, Shields, authorised_users::accounts_at, organisations::bodies,
    shields::shielded_at,
};
use crate::{
    dated::{KnownBy, Moment},
    reader::{QueryError, Reader},
};

/// The counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Accounts authorised and neither suspended nor closed. Whether a check has become too old since is
    /// judged person by person, by [`super::authorised_users::authorised`].
    pub accounts: u64,
    /// Local authorities accredited.
    pub authorities: u64,
    /// National partners accredited.
    pub partners: u64,
    /// Other bodies accredited.
    pub others: u64,
    /// Records shielded, provisionally or by decision.
    pub shielded: u64,
    /// How many events the slowest of the three read models had taken in.
    pub next: u64,
    /// How many events there were beyond that.
    pub behind: u64,
}

/// Whom to ask.
#[derive(Clone, Debug)]
pub struct Clerks {
    /// About users.
    pub users: Reader<AuthorisedUsers>,
    /// About organisations.
    pub organisations: Reader<Organisations>,
    /// About shields.
    pub shields: Reader<Shields>,
}

impl Clerks {
    /// Counts as of the end of a day, as known at an event. All three must have taken it in.
    ///
    /// # Errors
    /// See [`QueryError`].
    pub async fn counts(&self, day: NaiveDate, known: Moment) -> Result<Counts, QueryError> {
        // Accounts and shields hold from the moment they are recorded.
        let end = day.and_hms_micro_opt(23, 59, 59, 999_999).unwrap_or_default().and_utc();
        let accounts = accounts_at(&self.users, end, known).await?;
        let shielded = shielded_at(&self.shields, end, known).await?;
        let bodies = bodies(&self.organisations, KnownBy::Position(known.position)).await?;
        let count = |kind| u64::try_from(bodies.value.accredited(kind, day)).unwrap_or(u64::MAX);
        Ok(Counts {
            accounts: accounts.value,
            authorities: count(OrganisationKind::LocalAuthority),
            partners: count(OrganisationKind::NationalPartner),
            others: count(OrganisationKind::Other),
            shielded: shielded.value,
            next: accounts.next.min(shielded.next).min(bodies.next),
            behind: accounts.behind.max(shielded.behind).max(bodies.behind),
        })
    }
}

//! Rule K1: a record is kept until its dates are over: live, in the archive, then purged.
//!
//! Source: S9: archived at 18, or, with the young person's consent, at 25 at the latest (S28b); in the
//! archive open to data managers for a year, then only for inquiries; purged after six years there; after
//! a death a year live, then archived.
//! Reading: a day counts from its beginning: on the 18th birthday the record belongs into the archive. Who
//! is born on 29 February has a birthday on 1 March in other years. The year after a death runs from the
//! day on which it was notified, since no user could act before. Whichever comes first archives. Consent
//! counts from the 18th birthday. That a child has left England changes nothing: for how long such a record is
//! kept is not established. Once a record has been archived its dates stand as they were set.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Child, DateOfBirth};
use crate::{personal::Personal, policy::Retention};

/// Why a record belongs into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArchiveBasis {
    /// The person turned 18.
    ReachedAge,
    /// The consent to stay beyond 18 ended, or was withdrawn.
    ConsentEnded,
    /// The child died.
    Death,
}

/// When a record belongs where: the first day of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveDates {
    /// In the archive, open to data managers.
    pub archived_from: NaiveDate,
    /// In the archive, closed to them.
    pub narrowed_from: NaiveDate,
    /// Nowhere.
    pub purged_from: NaiveDate,
}

/// Why and when a record is archived, narrowed and purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Why.
    pub basis: ArchiveBasis,
    /// When.
    pub dates: ArchiveDates,
}

/// What decides for how long a record is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Keeping {
    /// The day on which a death was notified.
    pub(super) death_notified: Option<NaiveDate>,
    /// The consent to stay beyond 18.
    pub(super) consent: Option<Personal<NaiveDate>>,
    /// Since when that consent is withdrawn.
    pub(super) withdrawn: Option<NaiveDate>,
    /// The dates that were set when the record was archived.
    pub(super) archived: Option<(ArchiveBasis, Personal<ArchiveDates>)>,
}

/// Why and when the record is archived, narrowed and purged. Nothing, if there is no record, or what it
/// depends on has been erased.
pub fn kept(child: &Child, retention: Retention) -> Option<Kept> {
    if let Some((basis, dates)) = &child.keeping().archived {
        return dates.known().map(|dates| Kept { basis: *basis, dates: *dates });
    }
    let born = *child.date_of_birth()?.known()?;
    let (basis, archived_from) = archived_from(child.keeping(), born, retention)?;
    let after = |months| archived_from.checked_add_months(Months::new(months));
    let dates = ArchiveDates {
        archived_from,
        narrowed_from: after(retention.archive_open_months)?,
        purged_from: after(retention.archive_months)?,
    };
    Some(Kept { basis, dates })
}

fn archived_from(
    keeping: &Keeping,
    born: DateOfBirth,
    retention: Retention,
) -> Option<(ArchiveBasis, NaiveDate)> {
    let adult = birthday(born, retention.archived_at_age)?;
    let last = birthday(born, retention.consent_until_age)?;
    let until = keeping.consent.as_ref().and_then(|until| until.known().copied());
    let by_age = match until.map(|until| keeping.withdrawn.map_or(until, |on| on.min(until))) {
        Some(until) if until > adult => (ArchiveBasis::ConsentEnded, until.min(last)),
        Some(_) | None => (ArchiveBasis::ReachedAge, adult),
    };
    let by_death = match keeping.death_notified {
        Some(day) => Some((
            ArchiveBasis::Death,
            day.checked_add_months(Months::new(retention.live_after_death_months))?,
        )),
        None => None,
    };
    Some(by_death.filter(|death| death.1 < by_age.1).unwrap_or(by_age))
}

/// The day on which somebody reaches an age.
pub fn birthday(born: DateOfBirth, age: u32) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let born = born.expose();
    let year = born.year().checked_add(i32::try_from(age).ok()?)?;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

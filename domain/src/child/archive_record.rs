//! Rule K4: on its day a record goes into the archive, and a year later data managers no longer read it.
//!
//! Source: S9 (the archive: one year data managers, then only for inquiries); regulation 6 (S1b): what is
//! archived is not read by ordinary users.
//! Reading: the clock does this, or an official who will not wait for it. Data managers are the
//! management team of the responsible authority; they read an archived record by asking the trail for it. An
//! archived record is not written to, not found and not opened. One in quarantine is archived as well.

use chrono::{DateTime, Utc};

use super::{
    Child, Event, RecordStanding,
    archive::{Kept, kept},
};
use crate::{
    caller::{Caller, Needs, NotEntitled, require},
    personal::Personal,
    policy::Policy,
};

/// Puts a record where it belongs on this day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveRecord {
    /// When.
    pub at: DateTime<Utc>,
}

/// Why nothing is done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// There is no record that could be archived.
    #[error("there is no such record")]
    NoSuchRecord,
    /// It belongs where it is.
    #[error("the record is not due for the archive")]
    NotDue,
}

/// Decides. Quiet when the record stands where it belongs in the archive.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ArchiveRecord,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::System, Needs::Official]))?;
    let today = command.at.date_naive();
    let Some(Kept { basis, dates }) = kept(child, policy.on(today).1.retention()) else {
        return Err(Rejection::NoSuchRecord);
    };
    if today < dates.archived_from {
        return Err(Rejection::NotDue);
    }
    let archived = || Event::RecordArchived { basis, dates: Personal::Known(dates) };
    let narrowed = || Event::ArchiveAccessNarrowed { from: Personal::Known(dates.narrowed_from) };
    let closed = today >= dates.narrowed_from;
    match child.standing() {
        RecordStanding::Absent | RecordStanding::SameChild | RecordStanding::Purged => {
            Err(Rejection::NoSuchRecord)
        }
        RecordStanding::Live | RecordStanding::Quarantined { .. } if closed => {
            Ok(vec![archived(), narrowed()])
        }
        RecordStanding::Live | RecordStanding::Quarantined { .. } => Ok(vec![archived()]),
        RecordStanding::Archived { narrowed: false } if closed => Ok(vec![narrowed()]),
        RecordStanding::Archived { .. } => Ok(Vec::new()),
    }
}

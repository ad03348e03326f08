//! Rule A13: a new record that nearly matches another is found out without anybody seeing the other.
//!
//! Source: an automatic refresh made unshielded duplicates of shielded children (March 2009, S24).
//! Reading: same date of birth, and a name written like the name in use or a former name. The whole
//! record is compared, hidden fields included, since a shielded child must be recognised; so the
//! answer is for the decision about quarantine only, and no user is ever told what matched. An erased
//! value matches nothing; a record found to be the same child as another is not matched again.

use super::{Child, DateOfBirth, Name, RecordStanding, likeness::same_name};

/// Whether a record to be created, of this name and date of birth, nearly matches an existing one.
pub fn nearly_matches(name: &Name, date_of_birth: DateOfBirth, existing: &Child) -> bool {
    let born = existing.date_of_birth().and_then(|date| date.known().copied());
    let counts = match existing.standing() {
        RecordStanding::Live
        | RecordStanding::Quarantined { .. }
        | RecordStanding::Archived { .. } => true,
        RecordStanding::Absent | RecordStanding::SameChild | RecordStanding::Purged => false,
    };
    counts
        && born == Some(date_of_birth)
        && existing
            .name()
            .into_iter()
            .chain(existing.former_names())
            .filter_map(|known| known.known())
            .any(|known| same_name(name, known))
}

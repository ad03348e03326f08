//! For how long what is personal is kept.

use serde::{Deserialize, Serialize};

/// For how long what is personal is kept.
///
/// Of what is erased the skeleton of the trail stays for good: who did what kind of thing to which handle,
/// when and under which rule. No entry can be taken out of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// At which age a record is archived (S9).
    pub archived_at_age: u32,
    /// Until which age a young person may consent to stay, at most (S1, S28b).
    pub consent_until_age: u32,
    /// For how many months a record stays live after a death was notified (S9).
    pub live_after_death_months: u32,
    /// For how many months of the archive data managers may read it (S9).
    pub archive_open_months: u32,
    /// After how many months in the archive a record is purged (S9: six years).
    pub archive_months: u32,
    /// After how many months the personal values of a user are erased whose account was closed. Ours.
    pub closed_account_months: u32,
    /// For how many days a backup of the keys may be kept: until then what was erased is beyond use, and
    /// from then on gone. Ours.
    pub key_backup_days: u32,
}

impl Retention {
    /// On whose word the values of June 2009 rest.
    pub(super) const SOURCE: &'static str = "Commons, 21 April 2009: archived at 18 (with consent at 25 at the latest, Wolverhampton), one \
         year open to data managers, six years in all; on death one year live. For how long the \
         personal values of users are kept (as long), and backups of keys, is ours";

    /// The values of June 2009. They never change: sets of values that name none mean these.
    pub const OF_2009: Self = Self {
        archived_at_age: 18,
        consent_until_age: 25,
        live_after_death_months: 12,
        archive_open_months: 12,
        archive_months: 72,
        closed_account_months: 72,
        key_backup_days: 35,
    };
}

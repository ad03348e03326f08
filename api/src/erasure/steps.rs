//! What the steps of an erasure are called, and what the last one records.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    erasure::{Event, Progress, Step},
    policy::Retention,
};

/// A name for a step, from which the identity of its event follows.
pub(super) fn name(step: &Step<'_>) -> String {
    match step {
        Step::DestroyKey => "destroy-key".to_owned(),
        Step::DeleteCiphertext => "delete-ciphertext".to_owned(),
        Step::Purge(holder) => format!("purge {holder}"),
        Step::Complete => "complete".to_owned(),
    }
}

/// That everything is done.
pub(super) fn completed(progress: &Progress, retention: Retention, now: DateTime<Utc>) -> Event {
    let begun = progress.begun();
    let destroyed = progress.key().map_or(now, |key| key.at).date_naive();
    let backups = Days::new(u64::from(retention.key_backup_days));
    Event::SubjectErased {
        grounds: begun.grounds,
        rule: begun.rule,
        proposed_by: begun.proposed_by,
        authorised_by: begun.authorised_by,
        holders: begun.holders.clone(),
        beyond_use_until: destroyed.checked_add_days(backups).unwrap_or(NaiveDate::MAX),
    }
}

//! What the entries of an erasure come to, if they hold together.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    child,
    erasure::{self, Erasure, Grounds, PurgeMethod, RetentionRule, Stage},
    event::Event,
    fold::Fold,
    identity::PractitionerId,
    key,
    recorded::Recorded,
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Unconvincing;
use crate::{
    backend::{Stored, leaf},
    codec::{self, Upcasts},
    entry::{self, AsWritten},
};

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// On what grounds the subject was erased.
    pub grounds: Grounds,
    /// The rule that demanded it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RetentionRule>,
    /// The officer who proposed it.
    pub proposed_by: PractitionerId,
    /// The other officer, who authorised it.
    pub authorised_by: PractitionerId,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// The commitment to the key, as logged when it was made and when it was destroyed; none if there
    /// never was a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_commitment: Option<String>,
    /// When the key was destroyed.
    pub key_destroyed_at: DateTime<Utc>,
    /// The epoch of the wrapping key that was destroyed with it.
    pub epoch_destroyed: u32,
    /// How many sealed sections there were.
    pub sections: u64,
    /// How many of them are still stored, unreadable: not 0 only where the store removes nothing.
    pub sections_left: u64,
    /// Everybody who acknowledged, with how and how many things they removed.
    pub holders: BTreeMap<String, (PurgeMethod, u64)>,
    /// When everything was done.
    pub erased_at: DateTime<Utc>,
    /// By this day the last backup of the keys from before is gone. Until then: beyond use.
    pub beyond_use_until: NaiveDate,
    /// How many events came for the subject afterwards, and were not recorded about it.
    pub late_events: u64,
}

/// Whether an event closes a record for an erasure.
pub(super) fn closes(stored: &Stored) -> bool {
    matches!(
        read(stored.position, &stored.entry),
        Ok((_, Recorded { event: Event::Child(child::Event::RecordPurged { .. }), .. }))
    )
}

/// What the entries come to, in the order of the log.
pub(super) fn of<'e>(
    subject: Uuid,
    entries: impl Iterator<Item = (u64, &'e [u8])>,
) -> Result<Statement, Unconvincing> {
    let mut erasure = Erasure::default();
    let mut chain = Chain::default();
    let (mut made, mut until) = (None, None);
    for (position, bytes) in entries {
        let (previous, recorded) = read(position, bytes)?;
        let Recorded { stamp, event } = recorded;
        match (stamp.stream, event) {
            (Stream::Key(of), Event::Key(key::Event::SubjectKeyCreated { commitment, .. }))
                if of == subject =>
            {
                made = Some(commitment);
            }
            (Stream::Child(of), Event::Child(child::Event::RecordPurged { .. }))
                if of.uuid() == subject => {}
            (Stream::Erasure(of), Event::Erasure(event)) if of == subject => {
                chain.next(stamp.revision, previous, bytes)?;
                if let erasure::Event::SubjectErased { beyond_use_until, .. } = &event {
                    until = Some(*beyond_use_until);
                }
                erasure.evolve(&Recorded { stamp, event });
            }
            (stream, _) => return Err(Unconvincing::NotOfIt(stream)),
        }
    }
    finished(&erasure, made.as_deref(), until)
}

fn finished(
    erasure: &Erasure,
    made: Option<&str>,
    until: Option<NaiveDate>,
) -> Result<Statement, Unconvincing> {
    let (Stage::Erased { progress, at }, Some(beyond_use_until)) = (erasure.stage(), until) else {
        return Err(Unconvincing::NotFinished);
    };
    let begun = progress.begun();
    let key = progress.key().ok_or(Unconvincing::StepMissing("that the key was destroyed"))?;
    let sections =
        progress.sections().ok_or(Unconvincing::StepMissing("what became of the sections"))?;
    if begun.proposed_by == begun.authorised_by {
        return Err(Unconvincing::OneOfficer);
    }
    if key.commitment.as_deref() != made {
        return Err(Unconvincing::OtherKey);
    }
    if begun.holders.iter().any(|holder| !progress.purged().contains_key(holder)) {
        return Err(Unconvincing::StepMissing("the acknowledgement of a holder"));
    }
    let sum = |of: fn(&erasure::Sections) -> u64| {
        sections.iter().map(of).fold(0_u64, u64::saturating_add)
    };
    Ok(Statement {
        grounds: begun.grounds,
        rule: begun.rule,
        proposed_by: begun.proposed_by,
        authorised_by: begun.authorised_by,
        begun_at: begun.at,
        key_commitment: key.commitment.clone(),
        key_destroyed_at: key.at,
        epoch_destroyed: key.epoch,
        sections: sum(|one| one.named),
        sections_left: sum(|one| one.left),
        holders: progress.purged().clone(),
        erased_at: *at,
        beyond_use_until,
        late_events: erasure.late_events(),
    })
}

/// Follows a stream from its first event, so that none can be left out.
#[derive(Default)]
struct Chain(Option<(u64, [u8; 32])>);

impl Chain {
    fn next(
        &mut self,
        revision: u64,
        previous: Option<[u8; 32]>,
        entry: &[u8],
    ) -> Result<(), Unconvincing> {
        let (expected, follows) = match self.0 {
            None => (0, None),
            Some((last, leaf)) => (last.saturating_add(1), Some(leaf)),
        };
        if (revision, previous) != (expected, follows) {
            return Err(Unconvincing::EventMissing { revision: expected });
        }
        self.0 = Some((revision, leaf(entry)));
        Ok(())
    }
}

type Read = (Option<[u8; 32]>, Recorded<Event>);

fn read(position: u64, bytes: &[u8]) -> Result<Read, Unconvincing> {
    let unreadable = || Unconvincing::NoEntry { position };
    let (header, data) = entry::read(bytes, AsWritten).map_err(|_| unreadable())?;
    let event =
        codec::decode_sealed(header.name, data, &Upcasts::current()).map_err(|_| unreadable())?;
    Ok((header.previous, Recorded { stamp: header.stamp(position), event }))
}

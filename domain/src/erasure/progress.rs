//! Rule E10: once begun, an erasure goes from step to step: the record closes, the key is destroyed, the
//! ciphertext is deleted, every holder acknowledges, and only then the subject is erased.
//!
//! Source: NIST SP 800-88 Rev. 2 (sanitise every copy of the key, verify, document).
//! Reading: the next step follows from the events alone, so whoever finds an unfinished erasure goes on with it, and a
//! step that was done and not recorded is done again without harm. Each step is recorded once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Event, Grounds, PurgeMethod, RetentionRule, Sections, Stage};
use crate::{
    identity::{EventId, PractitionerId},
    recorded::Recorded,
};

/// How an erasure began.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Begun {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// On what grounds.
    pub grounds: Grounds,
    /// The rule that demands it, if one does.
    pub rule: Option<RetentionRule>,
    /// Who proposed it.
    pub proposed_by: PractitionerId,
    /// Who authorised it.
    pub authorised_by: PractitionerId,
    /// Everybody who must acknowledge.
    pub holders: BTreeSet<String>,
}

/// That a key was destroyed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Destroyed {
    /// The commitment to it; none if there never was one.
    pub commitment: Option<String>,
    /// The epoch that is destroyed.
    pub epoch: u32,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far an erasure has come.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    begun: Begun,
    key: Option<Destroyed>,
    sections: Option<Vec<Sections>>,
    purged: BTreeMap<String, (PurgeMethod, u64)>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Destroy the key.
    DestroyKey,
    /// Delete the sealed sections.
    DeleteCiphertext,
    /// Let this holder get rid of what it has.
    Purge(&'a str),
    /// Record that everything is done.
    Complete,
}

impl Progress {
    /// How it began.
    pub const fn begun(&self) -> &Begun {
        &self.begun
    }

    /// That the key was destroyed.
    pub const fn key(&self) -> Option<&Destroyed> {
        self.key.as_ref()
    }

    /// What became of the sealed sections.
    pub fn sections(&self) -> Option<&[Sections]> {
        self.sections.as_deref()
    }

    /// Who has acknowledged, how, and how many things they removed.
    pub const fn purged(&self) -> &BTreeMap<String, (PurgeMethod, u64)> {
        &self.purged
    }

    /// What comes next.
    pub fn next_step(&self) -> Step<'_> {
        if self.key.is_none() {
            return Step::DestroyKey;
        }
        if self.sections.is_none() {
            return Step::DeleteCiphertext;
        }
        let waiting = self.begun.holders.iter().find(|name| !self.purged.contains_key(*name));
        waiting.map_or(Step::Complete, |name| Step::Purge(name))
    }
}

/// The stage after an event of an erasure that has been authorised.
pub(super) fn moved(stage: &Stage, recorded: &Recorded<Event>) -> Stage {
    let at = recorded.stamp.at;
    if let Some(begun) = begun(recorded) {
        let (key, sections, purged) = (None, None, BTreeMap::new());
        return Stage::Begun(Progress { begun, key, sections, purged });
    }
    let Stage::Begun(progress) = stage else { return stage.clone() };
    let mut progress = progress.clone();
    match &recorded.event {
        Event::KeyDestroyed { key: _, commitment, epoch, successor: _ } => {
            let commitment = commitment.clone();
            progress.key = Some(Destroyed { commitment, epoch: *epoch, at });
        }
        Event::CiphertextDeleted { sections } => progress.sections = Some(sections.clone()),
        Event::HolderPurged { holder, method, count, evidence: _ } => {
            progress.purged.insert(holder.clone(), (*method, *count));
        }
        Event::SubjectErased { .. } => return Stage::Erased { progress, at },
        Event::LegalHoldPlaced { .. }
        | Event::LegalHoldLifted { .. }
        | Event::Due { .. }
        | Event::Proposed { .. }
        | Event::ProposalWithdrawn {}
        | Event::Authorised { .. }
        | Event::Begun { .. }
        | Event::LateEventRefused { .. } => {}
    }
    Stage::Begun(progress)
}

fn begun(recorded: &Recorded<Event>) -> Option<Begun> {
    let Event::Begun { grounds, rule, proposed_by, authorised_by, holders } = &recorded.event
    else {
        return None;
    };
    Some(Begun {
        event: recorded.stamp.id,
        at: recorded.stamp.at,
        grounds: *grounds,
        rule: *rule,
        proposed_by: *proposed_by,
        authorised_by: *authorised_by,
        holders: holders.clone(),
    })
}

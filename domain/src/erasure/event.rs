//! What can happen towards the erasure of a subject.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Grounds, HoldGround, PurgeMethod, RetentionRule, due::Dates};
use crate::{
    identity::{HoldId, PractitionerId},
    personal::Personal,
    reason::Text,
    stream::Stream,
};

/// The sealed sections of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// Which stream.
    pub stream: Stream,
    /// How many its entries name.
    pub named: u64,
    /// How many of them are still there: not 0 only where the store cannot remove anything.
    pub left: u64,
}

/// An event of an `erasure-{subject}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A legal hold was placed: nothing about the subject is erased while it is open.
    #[serde(rename = "erasure.legal-hold-placed/1")]
    LegalHoldPlaced {
        /// Which.
        hold: HoldId,
        /// On what ground.
        ground: HoldGround,
        /// For which proceedings, in words.
        words: Personal<Text>,
    },
    /// A legal hold was lifted.
    #[serde(rename = "erasure.legal-hold-lifted/1")]
    LegalHoldLifted {
        /// Which.
        hold: HoldId,
        /// Why.
        words: Personal<Text>,
    },
    /// A rule demands the erasure.
    #[serde(rename = "erasure.due/1")]
    Due {
        /// Which rule.
        rule: RetentionRule,
        /// From which dates that follows. They tell a birthday.
        dates: Personal<Dates>,
    },
    /// One officer proposed it.
    #[serde(rename = "erasure.proposed/1")]
    Proposed {
        /// On what grounds.
        grounds: Grounds,
        /// The rule that demands it, if one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RetentionRule>,
    },
    /// The proposal, or the authorisation, was taken back.
    #[serde(rename = "erasure.proposal-withdrawn/1")]
    ProposalWithdrawn {},
    /// Another officer authorised it.
    #[serde(rename = "erasure.authorised/1")]
    Authorised {
        /// Who had proposed it. The one who authorised it is the actor.
        proposed_by: PractitionerId,
        /// On what grounds.
        grounds: Grounds,
    },
    /// It began. There is no way back.
    #[serde(rename = "erasure.begun/1")]
    Begun {
        /// On what grounds.
        grounds: Grounds,
        /// The rule that demands it, if one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RetentionRule>,
        /// Who proposed it.
        proposed_by: PractitionerId,
        /// Who authorised it.
        authorised_by: PractitionerId,
        /// Everybody who may hold something personal beside the log, and must acknowledge.
        holders: BTreeSet<String>,
    },
    /// The subject's key was destroyed, and so was the key that wrapped it.
    #[serde(rename = "erasure.key-destroyed/1")]
    KeyDestroyed {
        /// The key, by the handle of its subject.
        key: Uuid,
        /// The commitment to it, hexadecimal, as in `key-{subject}`; absent if there never was a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commitment: Option<String>,
        /// The epoch whose key wrapped it last, and is destroyed.
        epoch: u32,
        /// The epoch under which all other keys are wrapped now.
        successor: u32,
    },
    /// The sealed sections were taken away, where the store can take anything away.
    #[serde(rename = "erasure.ciphertext-deleted/1")]
    CiphertextDeleted {
        /// Stream by stream, those that have events.
        sections: Vec<Sections>,
    },
    /// Somebody who may have held something personal has none of it any more.
    #[serde(rename = "erasure.holder-purged/1")]
    HolderPurged {
        /// Who, by name.
        holder: String,
        /// How.
        method: PurgeMethod,
        /// How many things were removed.
        count: u64,
        /// SHA-256 of what was looked through, hexadecimal, where there is something to show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<String>,
    },
    /// Everything is done.
    #[serde(rename = "erasure.subject-erased/1")]
    SubjectErased {
        /// On what grounds.
        grounds: Grounds,
        /// The rule that demanded it, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RetentionRule>,
        /// Who proposed it.
        proposed_by: PractitionerId,
        /// Who authorised it.
        authorised_by: PractitionerId,
        /// Everybody who has acknowledged.
        holders: BTreeSet<String>,
        /// By this day the last backup of the keys from before has gone, too. Until then what was erased is
        /// beyond use.
        beyond_use_until: NaiveDate,
    },
    /// Something was to be recorded about the subject after its key was gone. It was not.
    #[serde(rename = "erasure.late-event-refused/1")]
    LateEventRefused {
        /// Where it was to stand.
        stream: Stream,
        /// What it was, by its stored name.
        event: String,
        /// The command that it came of.
        command: Uuid,
    },
}

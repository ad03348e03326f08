//! What can happen when somebody asks the trail.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Purpose, Refusal},
    identity::EventId,
    stream::Stream,
};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Who looked at a child's record.
    Accesses,
    /// How a child's shield came to be.
    ShieldingHistory,
    /// The standing of a person.
    Standing,
    /// Keys of single events, to make them readable outside.
    EventKeys,
    /// A child's record, by its responsible team.
    ChildRecord,
    /// An investigation.
    Investigation,
    /// Who may use the directory, who is suspended, who will lapse.
    AuthorisedUsers,
    /// Everything that one practitioner saw.
    SeenByPractitioner,
    /// Everything that anybody saw, or everybody of one organisation.
    SeenByAnybody,
    /// Who had which record open at an instant.
    OpenAtInstant,
    /// Shields in force, and the reviews that are due.
    ShieldsInForce,
    /// Overrides without a finished investigation.
    UnfinishedOverrides,
    /// Investigations.
    Investigations,
    /// Unusual access.
    UnusualAccess,
    /// What happens, as it happens.
    LiveFeed,
    /// The entries of the whole log, to check it.
    Entries,
    /// Who is held, due, on the way to be erased, or erased.
    Erasures,
    /// The certificate of an erasure.
    ErasureCertificate,
}

/// The window of time to which a question about a set was narrowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// The first instant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<DateTime<Utc>>,
    /// The first instant after it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<DateTime<Utc>>,
}

/// An event of an `audit-{staff}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The trail was asked, and answered.
    #[serde(rename = "audit.trail-queried/1")]
    TrailQueried {
        /// What was asked.
        question: Question,
        /// About which streams.
        about: Vec<Stream>,
        /// To which window of time, where one was asked about.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        within: Option<Within>,
        /// The events whose content was released, where single ones were.
        events: Vec<EventId>,
        /// Why.
        purpose: Purpose,
    },
    /// The trail was asked by somebody who may not, and did not answer.
    #[serde(rename = "audit.trail-query-refused/1")]
    TrailQueryRefused {
        /// What was asked.
        question: Question,
        /// About which streams.
        about: Vec<Stream>,
        /// To which window of time, where one was asked about.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        within: Option<Within>,
        /// Why they wanted to know.
        purpose: Purpose,
        /// Why they could not: everything that stood in the way.
        refusals: BTreeSet<Refusal>,
    },
}

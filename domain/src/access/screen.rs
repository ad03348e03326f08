//! Rule A2: what was on the screen is rebuilt from the event that recorded it, byte for byte.
//!
//! Source: "all activity audited", with what was shown (S7); architecture, invariant 3.
//! Reading: a screen is a function of the disclosure event as recorded and of the record folded up
//! to the revision that the event relied on. The answer to whoever looked and the investigators'
//! tool both print `serde_json::to_string(&screen)`. A screen shows the fields that the event names
//! and no trace of others: not even a list of what was withheld, since that would tell that there is
//! something. That the record is shielded is said. A value whose key was destroyed since reads
//! `{"erased":true}`.

mod record;
mod value;

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use record::{CarerShown, InvolvementShown, ProviderShown, Record, SensitiveShown};
pub use value::Value;

use super::{Basis, Event, ShieldState};
use crate::{
    child::Child,
    identity::{ChildRef, EventId, OpeningId, OverrideId},
    recorded::Recorded,
    stream::Stream,
};

/// One screen, as shown once to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Screen {
    /// The event that recorded the disclosure.
    pub event: EventId,
    /// Whose record.
    pub child: ChildRef,
    /// The opening it began, if it began one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening: Option<OpeningId>,
    /// The run of the override procedure that led to it, if one did.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub procedure: Option<OverrideId>,
    /// When.
    pub at: DateTime<Utc>,
    /// In what capacity they saw it.
    pub basis: Basis,
    /// Whether the record was shielded, provisionally or by decision.
    pub shielded: bool,
    /// The record, as far as it was shown.
    pub record: Record,
}

impl Screen {
    /// Rebuilds the screen from the event of its disclosure and the record at the revision that the
    /// event relied on. None when the event disclosed nothing of a record.
    pub fn rebuild(recorded: &Recorded<Event>, child: &Child) -> Option<Self> {
        let Stream::Access(of) = recorded.stamp.stream else { return None };
        let screen = |opening, procedure, basis, shield, shown| Self {
            event: recorded.stamp.id,
            child: of,
            opening,
            procedure,
            at: recorded.stamp.at,
            basis,
            shielded: shield != ShieldState::Unshielded,
            record: Record::showing(child, shown),
        };
        match &recorded.event {
            Event::RecordOpened { opening, purpose: _, basis, shield, shown, withheld: _ } => {
                Some(screen(Some(*opening), None, *basis, *shield, shown))
            }
            Event::ShieldOverrideConfirmed { procedure, shield, shown, withheld: _ } => {
                Some(screen(None, Some(*procedure), Basis::Override, *shield, shown))
            }
            Event::AccessRefused { .. }
            | Event::RecordClosed { .. }
            | Event::DisclosureWithheld { .. }
            | Event::ShieldOverrideAttempted { .. }
            | Event::ShieldOverrideWarned { .. }
            | Event::InvestigationOpened { .. }
            | Event::ShieldOverrideWithdrawn { .. }
            | Event::ShieldOverrideEnded { .. } => None,
        }
    }
}

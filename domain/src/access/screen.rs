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
    identity::{BrokeringId, ChildRef, CopyId, EventId, OpeningId, OverrideId},
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
    /// The copy that it went out as, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyId>,
    /// The request for contact that it was shown for, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brokering: Option<BrokeringId>,
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
        let screen = |basis, shield, shown| Self {
            event: recorded.stamp.id,
            child: of,
            opening: None,
            procedure: None,
            copy: None,
            brokering: None,
            at: recorded.stamp.at,
            basis,
            shielded: shield != ShieldState::Unshielded,
            record: Record::showing(child, shown),
        };
        match &recorded.event {
            Event::RecordOpened { opening, purpose: _, basis, shield, shown, withheld: _ } => {
                Some(Self { opening: Some(*opening), ..screen(*basis, *shield, *shown) })
            }
            Event::ShieldOverrideConfirmed { procedure, shield, shown, withheld: _ } => {
                let screen = screen(Basis::Override, *shield, *shown);
                Some(Self { procedure: Some(*procedure), ..screen })
            }
            Event::DisclosureCopied { copy, basis, shield, shown, .. } => {
                Some(Self { copy: Some(*copy), ..screen(*basis, *shield, *shown) })
            }
            Event::BrokerViewedHiddenDetails { brokering, shield, shown, withheld: _ } => {
                let screen = screen(Basis::ResponsibleTeam, *shield, *shown);
                Some(Self { brokering: Some(*brokering), ..screen })
            }
            Event::AccessRefused { .. }
            | Event::RecordClosed { .. }
            | Event::DisclosureWithheld { .. }
            | Event::ShieldOverrideAttempted { .. }
            | Event::ShieldOverrideWarned { .. }
            | Event::InvestigationOpened { .. }
            | Event::ShieldOverrideWithdrawn { .. }
            | Event::ShieldOverrideEnded { .. }
            | Event::CopyDestroyed { .. }
            | Event::BrokeredContactRequested { .. }
            | Event::ContactBrokered { .. }
            | Event::BrokeringDeclined { .. } => None,
        }
    }
}

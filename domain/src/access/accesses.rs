//! Rule A9: who looked at a record is told as it was then, refusals and withdrawn overrides included.
//!
//! Source: "every access to a child's record" is in the trail (S5).
//! Reading: it is answered as it was then, never joined to what somebody is today. The list is the
//! access stream itself, one line an event; what the actor's role and organisation were comes from
//! the stamp. Result lists that showed the child stand in the searchers' own streams and are added by
//! whoever reads those too.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Basis, Event, Fields, Form, Purpose, ReasonCode, Refusal, ShieldState, Value};
use crate::{
    actor::Actor,
    identity::{
        BrokeringId, CopyId, EventId, InvestigationId, InvolvementId, OpeningId, OverrideId,
    },
    reason::Text,
    recorded::Recorded,
};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, in which role, of which organisation: as it was then.
    pub by: Actor,
    /// What they did.
    #[serde(flatten)]
    pub what: What,
    /// Whether what it would have shown was held back after all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub held_back: bool,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum What {
    /// Opened the record.
    Opened {
        /// Which opening.
        opening: OpeningId,
        /// Why.
        reason: Reason,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields withheld.
        withheld: Fields,
    },
    /// Was refused.
    Refused {
        /// Why they wanted to look.
        reason: Reason,
        /// In what capacity they would have looked.
        sought: Basis,
        /// Everything that stood in the way.
        refusals: BTreeSet<Refusal>,
    },
    /// Left the record.
    Closed {
        /// Which opening.
        opening: OpeningId,
    },
    /// Asked to see behind the shield, and was warned.
    OverrideAttempted {
        /// Which run.
        procedure: OverrideId,
        /// From which opening.
        opening: OpeningId,
        /// Why.
        reason: Reason,
    },
    /// Went on, and saw what was hidden.
    OverrideConfirmed {
        /// Which run.
        procedure: OverrideId,
        /// The fields shown.
        shown: Fields,
        /// The fields withheld.
        withheld: Fields,
    },
    /// Had an investigation opened into their override, by the system.
    InvestigationOpened {
        /// Which run.
        procedure: OverrideId,
        /// Which investigation.
        investigation: InvestigationId,
        /// By which day it should be concluded.
        due: NaiveDate,
    },
    /// Stepped back after the warning.
    OverrideWithdrawn {
        /// Which run.
        procedure: OverrideId,
    },
    /// Covered what was hidden, or left.
    OverrideEnded {
        /// Which run.
        procedure: OverrideId,
    },
    /// Printed what they saw, or took it out as a file.
    Copied {
        /// Which copy.
        copy: CopyId,
        /// From which opening.
        opening: OpeningId,
        /// On paper, or as a file.
        form: Form,
        /// Who keeps it, unless erased.
        holder: Value<Text>,
        /// Why.
        reason: Reason,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields on it.
        shown: Fields,
        /// The fields withheld.
        withheld: Fields,
    },
    /// Destroyed a copy.
    CopyDestroyed {
        /// Which copy.
        copy: CopyId,
        /// How, unless erased.
        manner: Value<Text>,
    },
    /// Asked to be put in touch with whoever else works with the child.
    ContactRequested {
        /// Which request.
        brokering: BrokeringId,
        /// From which opening.
        opening: OpeningId,
        /// Why.
        reason: Reason,
        /// The concern, unless erased.
        concern: Value<Text>,
    },
    /// Looked behind the shield in order to put them in touch.
    ViewedToBroker {
        /// For which request.
        brokering: BrokeringId,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields withheld.
        withheld: Fields,
    },
    /// Put them in touch.
    ContactBrokered {
        /// Which request.
        brokering: BrokeringId,
        /// With whom: by their involvement.
        with: InvolvementId,
        /// What came of it, unless erased.
        outcome: Value<Text>,
    },
    /// Decided not to.
    BrokeringDeclined {
        /// Which request.
        brokering: BrokeringId,
        /// Why, unless erased.
        because: Value<Text>,
    },
}

/// A stated reason, for those entitled to the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// The words, unless erased.
    pub text: Value<Text>,
}

impl From<&Purpose> for Reason {
    fn from(purpose: &Purpose) -> Self {
        Self { code: purpose.code.clone(), text: Value::of(&purpose.text) }
    }
}

/// Lists who did what with one child's record, in the order of its access stream.
pub fn accesses(history: &[Recorded<Event>]) -> Vec<Line> {
    let held_back: BTreeSet<EventId> = history
        .iter()
        .filter_map(|recorded| match recorded.event {
            Event::DisclosureWithheld { disclosure } => Some(disclosure),
            Event::RecordOpened { .. }
            | Event::AccessRefused { .. }
            | Event::RecordClosed { .. }
            | Event::ShieldOverrideAttempted { .. }
            | Event::ShieldOverrideWarned { .. }
            | Event::ShieldOverrideConfirmed { .. }
            | Event::InvestigationOpened { .. }
            | Event::ShieldOverrideWithdrawn { .. }
            | Event::ShieldOverrideEnded { .. }
            | Event::DisclosureCopied { .. }
            | Event::BrokerViewedHiddenDetails { .. }
            | Event::CopyDestroyed { .. }
            | Event::BrokeredContactRequested { .. }
            | Event::ContactBrokered { .. }
            | Event::BrokeringDeclined { .. } => None,
        })
        .collect();
    let line = |recorded: &Recorded<Event>| {
        Some(Line {
            event: recorded.stamp.id,
            at: recorded.stamp.at,
            by: recorded.stamp.by,
            what: what(&recorded.event)?,
            held_back: held_back.contains(&recorded.stamp.id),
        })
    };
    history.iter().filter_map(line).collect()
}

fn what(event: &Event) -> Option<What> {
    Some(match event.clone() {
        Event::RecordOpened { opening, purpose, basis, shield, shown, withheld } => {
            What::Opened { opening, reason: (&purpose).into(), basis, shield, shown, withheld }
        }
        Event::AccessRefused { purpose, sought, refusals } => {
            What::Refused { reason: (&purpose).into(), sought, refusals }
        }
        Event::RecordClosed { opening } => What::Closed { opening },
        Event::ShieldOverrideAttempted { procedure, opening, purpose } => {
            What::OverrideAttempted { procedure, opening, reason: (&purpose).into() }
        }
        Event::ShieldOverrideConfirmed { procedure, shield: _, shown, withheld } => {
            What::OverrideConfirmed { procedure, shown, withheld }
        }
        Event::InvestigationOpened { investigation, procedure, practitioner: _, due } => {
            What::InvestigationOpened { procedure, investigation, due }
        }
        Event::ShieldOverrideWithdrawn { procedure } => What::OverrideWithdrawn { procedure },
        Event::ShieldOverrideEnded { procedure } => What::OverrideEnded { procedure },
        Event::DisclosureCopied {
            copy,
            opening,
            form,
            holder,
            purpose,
            basis,
            shield,
            shown,
            withheld,
        } => {
            let (holder, reason) = (Value::of(&holder), (&purpose).into());
            What::Copied { copy, opening, form, holder, reason, basis, shield, shown, withheld }
        }
        Event::CopyDestroyed { copy, manner } => {
            What::CopyDestroyed { copy, manner: Value::of(&manner) }
        }
        Event::BrokeredContactRequested { brokering, opening, purpose, concern, reach: _ } => {
            let (reason, concern) = ((&purpose).into(), Value::of(&concern));
            What::ContactRequested { brokering, opening, reason, concern }
        }
        Event::BrokerViewedHiddenDetails { brokering, shield, shown, withheld } => {
            What::ViewedToBroker { brokering, shield, shown, withheld }
        }
        Event::ContactBrokered { brokering, with, outcome } => {
            What::ContactBrokered { brokering, with, outcome: Value::of(&outcome) }
        }
        Event::BrokeringDeclined { brokering, reason } => {
            What::BrokeringDeclined { brokering, because: Value::of(&reason) }
        }
        // The warning belongs to the attempt, and what was held back to its own line.
        Event::ShieldOverrideWarned { .. } | Event::DisclosureWithheld { .. } => return None,
    })
}

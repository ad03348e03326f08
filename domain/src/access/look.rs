//! Which of what happens to a record is a look: somebody saw something of it, or was refused it.

use std::collections::BTreeSet;

use super::{Basis, Event, Fields, Form, Purpose, Refusal, ShieldState};
use crate::identity::{BrokeringId, CopyId, OpeningId, OverrideId};

/// A look at a record, as its event says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look<'a> {
    /// The record was opened.
    Opened {
        /// Which opening.
        opening: OpeningId,
        /// Why.
        purpose: &'a Purpose,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields that hold something and were withheld.
        withheld: Fields,
    },
    /// The record was refused.
    Refused {
        /// Why they wanted to look.
        purpose: &'a Purpose,
        /// Why they could not.
        refusals: &'a BTreeSet<Refusal>,
    },
    /// Somebody saw behind the shield. The reason stands with the attempt.
    Overrode {
        /// Which run of the procedure.
        procedure: OverrideId,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
    },
    /// The record was printed, or taken out as a file.
    Copied {
        /// Which copy.
        copy: CopyId,
        /// On paper, or as a file.
        form: Form,
        /// Why.
        purpose: &'a Purpose,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields on it.
        shown: Fields,
    },
    /// A broker looked behind the shield. The reason stands with the request.
    Brokered {
        /// For which request.
        brokering: BrokeringId,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
    },
}

impl Event {
    /// The look that it is, if it is one.
    pub const fn look(&self) -> Option<Look<'_>> {
        Some(match self {
            Self::RecordOpened { opening, purpose, basis, shield, shown, withheld } => {
                let (opening, basis, shield) = (*opening, *basis, *shield);
                let (shown, withheld) = (*shown, *withheld);
                Look::Opened { opening, purpose, basis, shield, shown, withheld }
            }
            Self::AccessRefused { purpose, sought: _, refusals } => {
                Look::Refused { purpose, refusals }
            }
            Self::ShieldOverrideConfirmed { procedure, shield, shown, withheld: _ } => {
                Look::Overrode { procedure: *procedure, shield: *shield, shown: *shown }
            }
            Self::DisclosureCopied { copy, form, purpose, basis, shield, shown, .. } => {
                let (copy, form, basis, shield) = (*copy, *form, *basis, *shield);
                Look::Copied { copy, form, purpose, basis, shield, shown: *shown }
            }
            Self::BrokerViewedHiddenDetails { brokering, shield, shown, withheld: _ } => {
                Look::Brokered { brokering: *brokering, shield: *shield, shown: *shown }
            }
            Self::RecordClosed { .. }
            | Self::DisclosureWithheld { .. }
            | Self::ShieldOverrideAttempted { .. }
            | Self::ShieldOverrideWarned { .. }
            | Self::InvestigationOpened { .. }
            | Self::ShieldOverrideWithdrawn { .. }
            | Self::ShieldOverrideEnded { .. }
            | Self::CopyDestroyed { .. }
            | Self::BrokeredContactRequested { .. }
            | Self::ContactBrokered { .. }
            | Self::BrokeringDeclined { .. } => return None,
        })
    }
}

impl<'a> Look<'a> {
    /// The reason given with it, if one was.
    pub const fn purpose(self) -> Option<&'a Purpose> {
        match self {
            Self::Opened { purpose, .. }
            | Self::Refused { purpose, .. }
            | Self::Copied { purpose, .. } => Some(purpose),
            Self::Overrode { .. } | Self::Brokered { .. } => None,
        }
    }
}

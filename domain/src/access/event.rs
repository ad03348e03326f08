//! What can happen when somebody looks at a record.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Fields, Form, Purpose};
use crate::{
    identity::{
        BrokeringId, CopyId, EventId, InvestigationId, InvolvementId, OpeningId, OverrideId,
        PractitionerId,
    },
    personal::Personal,
    practitioner::Condition,
    reason::Text,
};

/// In what capacity somebody saw what they saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// An authorised user.
    Practitioner,
    /// The management team of the responsible authority, for its functions under the Regulations
    /// (regulation 6(4), S1b).
    ResponsibleTeam,
    /// A user who confirmed an override.
    Override,
}

/// Whether the record was shielded when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShieldState {
    /// No shield.
    Unshielded,
    /// A provisional shield.
    Provisional,
    /// A shield decided by the authority.
    Applied,
}

/// Something that stood in the way of a look. Stored; what the caller is told is another matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Conditions of an authorised user that did not hold: every one.
    Unmet(BTreeSet<Condition>),
    /// The reason code is not in the policy's list.
    ReasonNotListed,
    /// The right to override shields is not held.
    OverrideRightNotHeld,
    /// The record is quarantined, or does not exist.
    NoSuchRecord,
    /// Nobody in their office looks at records, or asks this of the trail.
    OfficeMayNotLook,
    /// Their organisation is not the one that this belongs to.
    NotEntitled,
    /// The search asked about fewer fields than the policy demands.
    TooFewFields {
        /// How many it asked about.
        given: u32,
        /// How many it must.
        least: u32,
    },
}

/// An event of an `access-{ref}` stream. The practitioner is the actor in the stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A record was opened, and these fields were shown.
    #[serde(rename = "access.record-opened/1")]
    RecordOpened {
        /// Which opening.
        opening: OpeningId,
        /// Why.
        purpose: Purpose,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields that hold something and were withheld.
        withheld: Fields,
    },
    /// A look was refused; nothing was shown.
    #[serde(rename = "access.refused/1")]
    AccessRefused {
        /// Why they wanted to look.
        purpose: Purpose,
        /// In what capacity they would have looked.
        sought: Basis,
        /// Why they could not: everything that stood in the way.
        refusals: BTreeSet<Refusal>,
    },
    /// The user left the record.
    #[serde(rename = "access.record-closed/1")]
    RecordClosed {
        /// Which opening.
        opening: OpeningId,
    },
    /// What an opening or an override would have shown was not released: a stream it relied on had
    /// moved.
    #[serde(rename = "access.disclosure-withheld/1")]
    DisclosureWithheld {
        /// The event that was not followed by its disclosure.
        disclosure: EventId,
    },
    /// A user asked to see behind the shield.
    #[serde(rename = "access.shield-override-attempted/1")]
    ShieldOverrideAttempted {
        /// Which run of the procedure.
        procedure: OverrideId,
        /// From which opening.
        opening: OpeningId,
        /// Why.
        purpose: Purpose,
    },
    /// The user was warned that going on triggers an immediate investigation (S27).
    #[serde(rename = "access.shield-override-warned/1")]
    ShieldOverrideWarned {
        /// Which run.
        procedure: OverrideId,
    },
    /// The user went on, and these fields were shown. `InvestigationOpened` follows in the same
    /// append.
    #[serde(rename = "access.shield-override-confirmed/1")]
    ShieldOverrideConfirmed {
        /// Which run.
        procedure: OverrideId,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields that hold something and were withheld.
        withheld: Fields,
    },
    /// An investigation was opened, by the system.
    #[serde(rename = "access.investigation-opened/1")]
    InvestigationOpened {
        /// Which.
        investigation: InvestigationId,
        /// Of which run.
        procedure: OverrideId,
        /// Into whose override.
        practitioner: PractitionerId,
        /// By which day it should be concluded.
        due: NaiveDate,
    },
    /// The user stepped back after the warning.
    #[serde(rename = "access.shield-override-withdrawn/1")]
    ShieldOverrideWithdrawn {
        /// Which run.
        procedure: OverrideId,
    },
    /// The override ended: the user left the record, or ended it.
    #[serde(rename = "access.shield-override-ended/1")]
    ShieldOverrideEnded {
        /// Which run.
        procedure: OverrideId,
    },
    /// A screen was printed, or taken out as a file, with these fields.
    #[serde(rename = "access.disclosure-copied/1")]
    DisclosureCopied {
        /// Which copy.
        copy: CopyId,
        /// From which opening.
        opening: OpeningId,
        /// On paper, or as a file.
        form: Form,
        /// Who keeps it, and where.
        holder: Personal<Text>,
        /// Why.
        purpose: Purpose,
        /// In what capacity.
        basis: Basis,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields on it.
        shown: Fields,
        /// The fields that hold something and were withheld.
        withheld: Fields,
    },
    /// A copy was destroyed.
    #[serde(rename = "access.copy-destroyed/1")]
    CopyDestroyed {
        /// Which copy.
        copy: CopyId,
        /// How, and before whom.
        manner: Personal<Text>,
    },
    /// A user asked the management team to put them in touch with whoever else works with the child.
    #[serde(rename = "access.brokered-contact-requested/1")]
    BrokeredContactRequested {
        /// Which request.
        brokering: BrokeringId,
        /// From which opening.
        opening: OpeningId,
        /// Why.
        purpose: Purpose,
        /// The concern for the child's protection.
        concern: Personal<Text>,
        /// How the user can be reached.
        reach: Personal<Text>,
    },
    /// A member of the responsible team looked behind the shield in order to broker; these fields were
    /// shown to them, and none to the user who asked.
    #[serde(rename = "access.broker-viewed-hidden-details/1")]
    BrokerViewedHiddenDetails {
        /// For which request.
        brokering: BrokeringId,
        /// Whether the record was shielded.
        shield: ShieldState,
        /// The fields shown.
        shown: Fields,
        /// The fields that hold something and were withheld.
        withheld: Fields,
    },
    /// The two were put in touch, outside the directory.
    #[serde(rename = "access.contact-brokered/1")]
    ContactBrokered {
        /// Which request.
        brokering: BrokeringId,
        /// With whom: by their involvement.
        with: InvolvementId,
        /// What came of it.
        outcome: Personal<Text>,
    },
    /// The team decided not to put them in touch.
    #[serde(rename = "access.brokering-declined/1")]
    BrokeringDeclined {
        /// Which request.
        brokering: BrokeringId,
        /// Why.
        reason: Personal<Text>,
    },
}

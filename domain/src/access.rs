//! Looking at one child's record: opened, refused, overridden, closed.

mod decided;
pub(crate) mod entitlement;
mod event;
mod field;
mod fields;
mod look;
mod opening;
mod procedure;
mod purpose;
mod screen;
mod visible;

pub mod accesses;
pub mod brokering;
pub mod close_record;
pub mod copy;
pub mod open_record;
pub mod override_shield;

use std::collections::BTreeMap;

pub use brokering::Brokering;
pub use copy::{Copied, Form};
pub use decided::{Answer, Decided};
pub use event::{Basis, Event, Refusal, ShieldState};
pub use field::Field;
pub use fields::Fields;
pub use look::Look;
pub use opening::Opening;
pub use procedure::{Procedure, Stage};
pub use purpose::{Purpose, ReasonCode, UnusableReasonCode};
pub use screen::{
    CarerShown, InvolvementShown, ProviderShown, Record, Screen, SensitiveShown, Value,
};
pub use visible::{Visible, visible, visible_under_a_shield};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    fold::Fold,
    identity::{
        BrokeringId, CopyId, EventId, InvestigationId, OpeningId, OverrideId, PractitionerId,
    },
    recorded::Recorded,
};

/// An investigation that an override opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Opened {
    /// Of which run of the procedure.
    pub procedure: OverrideId,
    /// Into whose override.
    pub practitioner: PractitionerId,
    /// Since when.
    pub at: DateTime<Utc>,
    /// By which day it should be concluded.
    pub due: NaiveDate,
}

/// Who has one child's record open, who went behind its shield, and what left the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Access {
    openings: BTreeMap<OpeningId, Opening>,
    procedures: BTreeMap<OverrideId, Procedure>,
    investigations: BTreeMap<InvestigationId, Opened>,
    copies: BTreeMap<CopyId, Copied>,
    brokerings: BTreeMap<BrokeringId, Brokering>,
    disclosures: BTreeMap<EventId, Disclosure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Disclosure {
    Opening(OpeningId),
    Override(OverrideId),
    Copy(CopyId),
    Brokering(BrokeringId),
}

impl Access {
    /// An opening, open or closed.
    pub fn opening(&self, id: OpeningId) -> Option<&Opening> {
        self.openings.get(&id)
    }

    /// Every opening there has been, by its handle.
    pub const fn openings(&self) -> &BTreeMap<OpeningId, Opening> {
        &self.openings
    }

    /// A run of the override procedure.
    pub fn procedure(&self, id: OverrideId) -> Option<&Procedure> {
        self.procedures.get(&id)
    }

    /// Every run of the override procedure there has been, by its handle.
    pub const fn procedures(&self) -> &BTreeMap<OverrideId, Procedure> {
        &self.procedures
    }

    /// The run that has not come to its end in an opening, if there is one.
    pub fn running(&self, opening: OpeningId) -> Option<(OverrideId, &Procedure)> {
        self.procedures
            .iter()
            .find(|(_, procedure)| procedure.opening == opening && procedure.stage.is_running())
            .map(|(id, procedure)| (*id, procedure))
    }

    /// An investigation that an override opened.
    pub fn investigation(&self, id: InvestigationId) -> Option<&Opened> {
        self.investigations.get(&id)
    }

    /// Every investigation that an override opened, by its handle.
    pub const fn investigations(&self) -> &BTreeMap<InvestigationId, Opened> {
        &self.investigations
    }

    /// A copy that left the directory.
    pub fn copy(&self, id: CopyId) -> Option<&Copied> {
        self.copies.get(&id)
    }

    /// Every copy that ever left the directory, by its handle.
    pub const fn copies(&self) -> &BTreeMap<CopyId, Copied> {
        &self.copies
    }

    /// A request to be put in touch.
    pub fn brokering(&self, id: BrokeringId) -> Option<&Brokering> {
        self.brokerings.get(&id)
    }

    /// Every request to be put in touch, by its handle.
    pub const fn brokerings(&self) -> &BTreeMap<BrokeringId, Brokering> {
        &self.brokerings
    }

    /// What an event disclosed was held back: it is as if it had not been begun.
    fn hold_back(&mut self, disclosure: EventId) {
        match self.disclosures.get(&disclosure) {
            Some(Disclosure::Opening(opening)) => self.close(*opening),
            Some(Disclosure::Override(procedure)) => self.stage(*procedure, Stage::Ended),
            Some(Disclosure::Copy(copy)) => self.copied(*copy, copy::State::HeldBack),
            Some(Disclosure::Brokering(brokering)) => {
                self.brokered(*brokering, brokering::Stage::Requested);
            }
            None => {}
        }
    }

    fn copied(&mut self, id: CopyId, state: copy::State) {
        if let Some(copy) = self.copies.get_mut(&id) {
            copy.state = state;
        }
    }

    fn brokered(&mut self, id: BrokeringId, stage: brokering::Stage) {
        if let Some(brokering) = self.brokerings.get_mut(&id) {
            brokering.stage = stage;
        }
    }

    fn stage(&mut self, id: OverrideId, stage: Stage) {
        if let Some(procedure) = self.procedures.get_mut(&id) {
            procedure.stage = stage;
        }
    }

    fn close(&mut self, id: OpeningId) {
        if let Some(opening) = self.openings.get_mut(&id) {
            opening.open = false;
        }
    }
}

impl Fold for Access {
    type Event = Event;

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        let stamp = &recorded.stamp;
        match &recorded.event {
            Event::RecordOpened { opening, basis, .. } => {
                self.disclosures.insert(stamp.id, Disclosure::Opening(*opening));
                let (user, at) = (stamp.by.id, stamp.at);
                self.openings.insert(*opening, Opening { user, at, basis: *basis, open: true });
            }
            Event::RecordClosed { opening } => self.close(*opening),
            Event::DisclosureWithheld { disclosure } => self.hold_back(*disclosure),
            Event::ShieldOverrideAttempted { procedure, opening, purpose } => {
                self.procedures.insert(
                    *procedure,
                    Procedure {
                        opening: *opening,
                        user: stamp.by.id,
                        purpose: purpose.clone(),
                        stage: Stage::Attempted,
                    },
                );
            }
            Event::ShieldOverrideWarned { procedure } => self.stage(*procedure, Stage::Warned),
            Event::ShieldOverrideConfirmed { procedure, .. } => {
                self.disclosures.insert(stamp.id, Disclosure::Override(*procedure));
                self.stage(*procedure, Stage::Confirmed);
            }
            Event::InvestigationOpened { investigation, procedure, practitioner, due } => {
                let (procedure, practitioner) = (*procedure, *practitioner);
                let opened = Opened { procedure, practitioner, at: stamp.at, due: *due };
                self.investigations.insert(*investigation, opened);
            }
            Event::ShieldOverrideWithdrawn { procedure } => {
                self.stage(*procedure, Stage::Withdrawn);
            }
            Event::ShieldOverrideEnded { procedure } => self.stage(*procedure, Stage::Ended),
            Event::DisclosureCopied { copy, form, .. } => {
                self.disclosures.insert(stamp.id, Disclosure::Copy(*copy));
                self.copies.insert(*copy, Copied::kept(*form, stamp.by));
            }
            Event::CopyDestroyed { copy, .. } => self.copied(*copy, copy::State::Destroyed),
            Event::BrokeredContactRequested { brokering, purpose, .. } => {
                let requested = Brokering::requested(purpose.clone(), stamp.by.id);
                self.brokerings.insert(*brokering, requested);
            }
            Event::BrokerViewedHiddenDetails { brokering, .. } => {
                self.disclosures.insert(stamp.id, Disclosure::Brokering(*brokering));
                self.brokered(*brokering, brokering::Stage::Viewed);
            }
            Event::ContactBrokered { brokering, .. } => {
                self.brokered(*brokering, brokering::Stage::Brokered);
            }
            Event::BrokeringDeclined { brokering, .. } => {
                self.brokered(*brokering, brokering::Stage::Declined);
            }
            Event::AccessRefused { .. } => {}
        }
    }
}

//! An organisation: accreditation, capabilities, its team's training, its public information.

mod event;

pub use event::{Capability, Channel, Cohort, Event, OrganisationKind, Phase};

//! A copy of a screen that left the directory, on paper or as a file.

pub mod destroy;
pub mod take;

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    identity::{OrganisationId, PractitionerId},
};

/// What a copy is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Paper.
    Print,
    /// A file.
    Export,
}

/// What became of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody holds it.
    Kept,
    /// It was destroyed.
    Destroyed,
    /// It was never released.
    HeldBack,
}

/// A copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// On paper, or as a file.
    pub form: Form,
    /// Who took it; every copy is a person's.
    pub by: Option<PractitionerId>,
    /// For which organisation they acted.
    pub organisation: Option<OrganisationId>,
    /// What became of it.
    pub state: State,
}

impl Copied {
    pub(super) const fn kept(form: Form, by: Actor) -> Self {
        Self { form, by: by.id, organisation: by.organisation, state: State::Kept }
    }
}

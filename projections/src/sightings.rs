//! Which searches listed a child, and which organisations there are: handles and positions.

use std::collections::{BTreeSet, HashMap};

use domain::{
    activity::{self, SearchOutcome},
    identity::{ChildRef, OrganisationId},
    organisation,
};

/// What has been seen in the log.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    listed: HashMap<ChildRef, Vec<u64>>,
    organisations: BTreeSet<OrganisationId>,
}

impl Sightings {
    pub(crate) fn searched(&mut self, position: u64, event: &activity::Event) {
        match event {
            activity::Event::SearchPerformed { outcome: SearchOutcome::Shown(rows), .. } => {
                for row in rows {
                    self.listed.entry(row.child).or_default().push(position);
                }
            }
            activity::Event::SearchPerformed { outcome: SearchOutcome::TooMany, .. }
            | activity::Event::SearchRefused { .. } => {}
        }
    }

    pub(crate) fn organisation(&mut self, id: OrganisationId, event: &organisation::Event) {
        if matches!(event, organisation::Event::Registered { .. }) {
            self.organisations.insert(id);
        }
    }

    pub(crate) fn listings_of(&self, child: ChildRef) -> Vec<u64> {
        self.listed.get(&child).cloned().unwrap_or_default()
    }

    pub(crate) const fn organisations(&self) -> &BTreeSet<OrganisationId> {
        &self.organisations
    }
}

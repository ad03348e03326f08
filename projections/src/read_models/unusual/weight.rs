//! How heavy papers are in memory.

use domain::unusual::{Act, sequence::Asked};

use super::papers::{Child, Document, Flag, Involved, Measures, Seen, User};
use crate::marks::Mark;

/// Of a finding: its document and five entries, as they are written.
const WRITTEN: usize = 1_200;

/// Of so many, each with so much that it refers to.
fn of<T>(many: &[T], beside: usize) -> usize {
    many.len().saturating_mul(size_of::<T>().saturating_add(beside))
}

impl Document {
    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        let beside = match self {
            Self::Flags(flags) => of::<Flag>(flags, WRITTEN),
            Self::User(user) => user.weight(),
            Self::Child(child) => child.weight(),
            Self::Body(_) => 0,
            Self::Policy(sets) => of::<Measures>(sets, 0),
        };
        size_of::<Self>().saturating_add(beside)
    }
}

impl User {
    fn weight(&self) -> usize {
        let terms = |asked: &Asked<Mark>| of(&asked.terms, 0);
        let acts = [&self.looks, &self.elsewhere, &self.overrides].map(|acts| of::<Act>(acts, 0));
        let searches = self.searches.iter().map(terms).sum::<usize>();
        let near = self.sights.iter().map(|seen| of(&seen.sight.near, 0)).sum::<usize>();
        let lists = [of(&self.searches, 0), of::<Seen>(&self.sights, 0), searches, near];
        acts.into_iter().chain(lists).fold(size_of::<Self>(), usize::saturating_add)
    }
}

impl Child {
    fn weight(&self) -> usize {
        let involvements =
            self.involvements.len().saturating_mul(size_of::<Involved>().saturating_mul(2));
        [of(&self.surnames, 0), of(&self.recorded, 0), involvements]
            .into_iter()
            .fold(size_of::<Self>(), usize::saturating_add)
    }
}

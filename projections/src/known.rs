//! The read models a program knows how to fold.

use std::sync::Arc;

use crate::{
    folding::{Folding, Typed},
    projection::{MarkedProjection, Name, Plain, Projection},
    store::Build,
};

/// Read models, each in one version or more. To serve version 1 while 2 is being built, know both.
#[derive(Clone, Default)]
pub struct Known(Vec<Arc<dyn Folding>>);

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Known {
    /// None.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// And this one.
    #[must_use]
    pub fn and<P: Projection>(mut self) -> Self {
        self.0.push(Arc::new(Typed::<Plain<P>>::new()));
        self
    }

    /// And this one, which needs marks.
    #[must_use]
    pub fn and_marked<P: MarkedProjection>(mut self) -> Self {
        self.0.push(Arc::new(Typed::<P>::new()));
        self
    }

    /// Those of them that can be followed without the keys of the log.
    #[must_use]
    pub fn without_marks(mut self) -> Self {
        self.0.retain(|folding| !folding.marked());
        self
    }

    /// Only what folds this build's read model in its version.
    #[must_use]
    pub fn only(mut self, build: &Build) -> Self {
        self.0.retain(|it| it.name() == build.name && it.version() == build.version);
        self
    }

    /// Whether one of them needs marks, and so a process that holds the keys of the log.
    pub fn needs_marks(&self, name: &str) -> bool {
        self.0.iter().any(|folding| folding.name() == name && folding.marked())
    }

    /// Each with its version.
    pub fn names(&self) -> impl Iterator<Item = (Name, u32)> + '_ {
        self.0.iter().map(|folding| (folding.name(), folding.version()))
    }

    /// How to fold what a build holds.
    pub(crate) fn folding(&self, build: &Build) -> Option<Arc<dyn Folding>> {
        let fits = |folding: &&Arc<dyn Folding>| {
            folding.name() == build.name && folding.version() == build.version
        };
        self.0.iter().find(fits).map(Arc::clone)
    }
}

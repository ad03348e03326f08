//! What a deed is about: the states it is decided on, read for that decision.

use std::sync::Arc;

use domain::{event::Event, fold::Fold, stream::Stream};

use crate::{directory::View, problem::Problem};

/// Something that can be read for a decision, given where it stands.
pub(crate) trait Load: Sized {
    /// Where it stands.
    type About;

    /// Reads it.
    async fn load(view: &View, about: &Self::About) -> Result<Self, Problem>;
}

impl<S> Load for Arc<S>
where
    S: Fold + Send + Sync + 'static,
    S::Event: TryFrom<Event>,
{
    type About = Stream;

    async fn load(view: &View, about: &Stream) -> Result<Self, Problem> {
        view.fold(*about).await
    }
}

/// Nothing: the decision needs no more than who decides.
impl Load for () {
    type About = ();

    async fn load(_: &View, (): &()) -> Result<Self, Problem> {
        Ok(())
    }
}

impl<A: Load, B: Load> Load for (A, B) {
    type About = (A::About, B::About);

    async fn load(view: &View, (a, b): &Self::About) -> Result<Self, Problem> {
        Ok((A::load(view, a).await?, B::load(view, b).await?))
    }
}

impl<A: Load, B: Load, C: Load> Load for (A, B, C) {
    type About = (A::About, B::About, C::About);

    async fn load(view: &View, (a, b, c): &Self::About) -> Result<Self, Problem> {
        Ok((A::load(view, a).await?, B::load(view, b).await?, C::load(view, c).await?))
    }
}

impl<L: Load> Load for Vec<L> {
    type About = Vec<L::About>;

    async fn load(view: &View, about: &Self::About) -> Result<Self, Problem> {
        let mut loaded = Vec::with_capacity(about.len());
        for one in about {
            loaded.push(L::load(view, one).await?);
        }
        Ok(loaded)
    }
}

//! Guards, checked before and after the append: the server writes to one stream, and looks at no
//! other.

use std::sync::Arc;

use domain::recorded::ReliedOn;
use tokio::task::JoinSet;

use super::{Inner, wire::At};
use crate::backend::ReadError;

impl Inner {
    /// A guard that does not hold now, if there is one.
    pub(super) async fn moved(
        self: &Arc<Self>,
        guards: &[ReliedOn],
    ) -> Result<Option<ReliedOn>, ReadError> {
        let look = async |log: Arc<Self>, guard: ReliedOn| {
            let last = log.last(guard.stream).await?;
            Ok(last.map(|last| last.revision) != guard.revision)
        };
        let mut looks = JoinSet::new();
        for &guard in guards {
            let log = Arc::clone(self);
            looks.spawn(async move { (guard, look(log, guard).await) });
        }
        first_moved(looks).await
    }

    /// A guard that did not hold any more at a place in `$all`, if there is one.
    pub(super) async fn moved_before(
        self: &Arc<Self>,
        guards: &[ReliedOn],
        at: At,
    ) -> Result<Option<ReliedOn>, ReadError> {
        let mut looks = JoinSet::new();
        for &guard in guards {
            let log = Arc::clone(self);
            looks.spawn(async move { (guard, log.moved_one(guard, at).await) });
        }
        first_moved(looks).await
    }

    async fn moved_one(&self, guard: ReliedOn, at: At) -> Result<bool, ReadError> {
        let next = guard.revision.map_or(0, |revision| revision.saturating_add(1));
        let after = self.page(guard.stream, next, 1).await?;
        Ok(after.first().is_some_and(|event| event.at < at))
    }
}

async fn first_moved(
    mut looks: JoinSet<(ReliedOn, Result<bool, ReadError>)>,
) -> Result<Option<ReliedOn>, ReadError> {
    let mut moved = None;
    while let Some(look) = looks.join_next().await {
        let (guard, look) = look.map_err(|cause| ReadError::Unavailable {
            doing: "checking a guard".to_owned(),
            cause: Box::new(cause),
        })?;
        if look? {
            moved = Some(guard);
        }
    }
    Ok(moved)
}

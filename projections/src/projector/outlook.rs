//! Where the builds stand, found out afresh: those that are missing are made, and what was built was built
//! from this log.

use event_log::EventLog;

use super::FollowError;
use crate::{
    known::Known,
    store::{Build, Built, Store},
};

/// Finds out where every known build stands, makes those that are missing, and makes sure that what was
/// built was built from this log.
pub(super) async fn look_around(
    log: &EventLog,
    store: &dyn Store,
    known: &Known,
) -> Result<Vec<Built>, FollowError> {
    let mut builds = store.builds().await?;
    for (name, version) in known.names() {
        let ours = |built: &Built| built.build.name == name && built.build.version == version;
        if !builds.iter().any(ours) {
            let build = Build { name: name.to_owned(), version, number: 1 };
            store.create(&build).await?;
            builds = store.builds().await?;
        }
    }
    builds.retain(|built| known.folding(&built.build).is_some());
    for built in &builds {
        same_log(log, built).await?;
    }
    Ok(builds)
}

async fn same_log(log: &EventLog, built: &Built) -> Result<(), FollowError> {
    let Some(before) = built.checkpoint.next.checked_sub(1) else { return Ok(()) };
    let which = || built.build.clone();
    match log.header_at(before).await? {
        None => Err(FollowError::BeyondLog { build: which(), next: built.checkpoint.next }),
        Some(header) if Some(header.stamp.id) == built.checkpoint.last => Ok(()),
        Some(_) => Err(FollowError::OtherLog { build: which(), position: before }),
    }
}

//! The first event: says which installation this is, so that a wiped or swapped database is found.

use aws_lc_rs::rand;
use eventstore_client::{Error, EventData, StreamState};
use serde::{Deserialize, Serialize};

use super::{Inner, connection::Ask, reading::failed, refusal::OpenError, wire::Found};

/// The type of the first event.
const KIND: &str = "installation.begun/1";

#[derive(Serialize, Deserialize)]
struct Begun {
    v: u32,
    origin: String,
}

/// Compares the installation with what was known of it; begins it if there is none and it may be.
pub(super) async fn check(log: &Inner, origin: &str, begin: bool) -> Result<(), OpenError> {
    let known = log.index.genesis().map_err(super::index::IndexError::from)?;
    let mut found = first(log).await?;
    if found.is_none() && known.is_none() {
        if !begin {
            return Err(OpenError::Absent);
        }
        write(log, origin).await?;
        found = first(log).await?;
    }
    let Some(found) = found else {
        let (known, _) = known.unwrap_or_default();
        return Err(OpenError::OtherInstallation { known });
    };
    let says: Begun = serde_json::from_slice(&found.entry).map_err(|_| OpenError::Genesis)?;
    if says.v != 1 || found.kind != KIND {
        return Err(OpenError::Genesis);
    }
    if let Some((known, at)) = known
        && (known, at) != (found.id, found.at.commit)
    {
        return Err(OpenError::OtherInstallation { known });
    }
    if says.origin != origin {
        return Err(OpenError::OtherOrigin { found: says.origin, asked: origin.to_owned() });
    }
    log.index.belongs_to(found.id, found.at.commit).map_err(super::index::IndexError::from)?;
    Ok(())
}

async fn first(log: &Inner) -> Result<Option<Found>, OpenError> {
    let ask = Ask::From { name: log.names.genesis(), revision: 0, count: 1 };
    match log.server.read(&ask, log.patience).await {
        Ok(events) => Ok(events.first().and_then(|event| log.names.found(event))),
        Err(Error::AccessDenied) => Err(OpenError::Denied),
        Err(error) => Err(failed("the first event of the installation", error).into()),
    }
}

/// Writes it. Of several that try at once, one succeeds, and the others find what it wrote.
async fn write(log: &Inner, origin: &str) -> Result<(), OpenError> {
    let begun = Begun { v: 1, origin: origin.to_owned() };
    let mut id = [0; 16];
    rand::fill(&mut id).map_err(|_| OpenError::Genesis)?;
    let event = EventData::json(KIND, &begun)
        .map_err(|_| OpenError::Genesis)?
        .id(uuid::Builder::from_random_bytes(id).into_uuid());
    match log.server.append(&log.names.genesis(), StreamState::NoStream, event, log.patience).await
    {
        Ok(_) => Ok(()),
        Err(Error::AccessDenied) => Err(OpenError::Denied),
        Err(error) => Err(failed("the first event", error).into()),
    }
}

//! Who signs the log: the last event of a stream of its own says it. The stream is no part of the log.

use eventstore_client::{EventData, StreamState};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Inner, Kurrent,
    connection::Ask,
    reading::{corrupt, failed},
    unavailable,
};
use crate::backend::{Answer, ReadError, Signing};

/// The type of its events.
const KIND: &str = "signer.named/1";

#[derive(Serialize, Deserialize)]
struct Named {
    v: u32,
    signer: Uuid,
    session: Uuid,
}

impl Inner {
    /// Who was named last, and at which revision.
    async fn named(&self) -> Result<Option<(u64, Named)>, ReadError> {
        let ask = Ask::Last { name: self.names.signer() };
        let last = self.server.read(&ask, self.patience).await;
        let last = last.map_err(|error| failed("who signs the log", error))?;
        let Some(last) = last.first() else { return Ok(None) };
        let last = last.get_original_event();
        match serde_json::from_slice::<Named>(&last.data) {
            Ok(named) if named.v == 1 => Ok(Some((last.revision, named))),
            Ok(_) | Err(_) => {
                Err(corrupt(0, format!("{} does not say who signs the log", self.names.signer())))
            }
        }
    }

    async fn claim(&self, claim: Named, take_over: bool) -> Result<bool, ReadError> {
        loop {
            let before = self.named().await?;
            let state = match &before {
                Some((_, named)) if named.session == claim.session => return Ok(true),
                Some((_, named)) if named.signer != claim.signer && !take_over => return Ok(false),
                Some((revision, _)) => StreamState::StreamRevision(*revision),
                None => StreamState::NoStream,
            };
            let event = EventData::json(KIND, &claim)
                .map_err(|_| corrupt(0, "a claim cannot be written down"))?
                .id(claim.session);
            let sent = self.server.append(&self.names.signer(), state, event, self.patience).await;
            if sent.map_err(|error| failed("who signs the log", error))? {
                return Ok(true);
            }
            // Somebody else was faster: it is decided again.
        }
    }
}

impl Signing for Kurrent {
    fn claim(
        &self,
        signer: Uuid,
        session: Uuid,
        take_over: bool,
    ) -> Answer<'_, Result<bool, ReadError>> {
        Box::pin(async move {
            let claim = Named { v: 1, signer, session };
            let answer = self.ask(|inner| async move { inner.claim(claim, take_over).await }).await;
            answer.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }

    fn holds(&self, session: Uuid) -> Answer<'_, Result<bool, ReadError>> {
        Box::pin(async move {
            let call = |inner: std::sync::Arc<Inner>| async move {
                let named = inner.named().await?;
                Ok(named.is_some_and(|(_, named)| named.session == session))
            };
            self.ask(call).await.unwrap_or_else(|ended| Err(unavailable(ended)))
        })
    }
}

//! A witness: remembers the largest tree that it has seen of each log, and cosigns only what goes on from
//! that (C2SP tlog-witness v1.0.0). It knows nothing of what is in the log.
//!
//! To be run by somebody else than the log, on a machine and with a state of its own.

mod keys;
mod seen;

use std::{collections::BTreeMap, path::Path, sync::Mutex};

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::{
    log_keys::LogKeysError,
    transparency::{
        note::{NotSigned, SigningKey, VerifierKey},
        witness::{AddCheckpoint, Refusal, cosign, decide},
    },
};

/// A witness with its state.
#[derive(Debug)]
pub struct Witness {
    keys: Vec<SigningKey>,
    logs: BTreeMap<String, Vec<VerifierKey>>,
    state: Mutex<Connection>,
}

/// A witness cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its keys cannot be used.
    #[error("could not use the keys of the witness")]
    Keys(#[from] LogKeysError),
    /// Its state cannot be used.
    #[error("could not {doing} the state of the witness")]
    State {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: rusqlite::Error,
    },
}

/// A checkpoint is not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum NotCosigned {
    /// It must not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What was seen cannot be known, or not be kept; nothing was promised.
    #[error("the state of the witness cannot be used")]
    State(#[from] rusqlite::Error),
    /// The signature could not be made. What was seen is kept.
    #[error(transparent)]
    Sign(#[from] NotSigned),
}

impl Witness {
    /// The witness whose keys and state lie in `folder`; both are made if there are none. It watches the
    /// logs that these keys belong to, each under its name.
    ///
    /// # Errors
    /// See [`OpenError`]. Keys of another name are refused.
    pub fn open(
        folder: &Path,
        name: &str,
        logs: impl IntoIterator<Item = VerifierKey>,
    ) -> Result<Self, OpenError> {
        let keys = keys::open_or_create(folder, name)?;
        let state = seen::open(&folder.join("seen.sqlite"))
            .map_err(|cause| OpenError::State { doing: "open", cause })?;
        let mut watched: BTreeMap<String, Vec<VerifierKey>> = BTreeMap::new();
        for key in logs {
            watched.entry(key.name().to_owned()).or_default().push(key);
        }
        Ok(Self { keys, logs: watched, state: Mutex::new(state) })
    }

    /// The public keys.
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.keys.iter().map(|key| key.verifier().clone()).collect()
    }

    /// The names of the logs that are watched.
    pub fn watched(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().map(String::as_str)
    }

    /// Cosigns the checkpoint in the body of a request, and answers the body of the answer. What is seen is
    /// compared and kept in one step, durable before this answers; also if two processes share the state.
    /// `time` is in seconds since 1970, and not 0.
    ///
    /// # Errors
    /// See [`NotCosigned`].
    pub fn add_checkpoint(&self, body: &[u8], time: u64) -> Result<String, NotCosigned> {
        let request = AddCheckpoint::parse(body).map_err(Refusal::from)?;
        let origin = &request.checkpoint.checkpoint().origin;
        let trusted = self.logs.get(origin).map(Vec::as_slice);
        let mut state = seen::lock(&self.state);
        let transaction = state.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seen = seen::of(&transaction, origin)?;
        let now = decide(&request, trusted, seen)?;
        let cosignatures = cosign(&self.keys, &request.checkpoint, time)?;
        let note = format!("{}{cosignatures}", request.checkpoint);
        seen::keep(&transaction, origin, now, &note)?;
        transaction.commit()?;
        Ok(cosignatures)
    }

    /// The checkpoint last cosigned of the log whose name has this SHA-256, in lower-case hexadecimal.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn last(&self, origin_hash: &str) -> Result<Option<String>, NotCosigned> {
        let hash = |origin: &&str| hex::encode(Sha256::digest(origin.as_bytes())) == origin_hash;
        let Some(origin) = self.watched().find(hash) else { return Ok(None) };
        Ok(seen::note(&seen::lock(&self.state), origin)?)
    }
}

//! Who signs the log: this process, another server, or nobody here.

use std::{
    fs, io,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use aws_lc_rs::rand;
use uuid::Uuid;

use super::TransparencyError;
use crate::{
    EventLog,
    durable::{self, Readers},
    log_keys::LogKeys,
    transparency::note::VerifierKey,
};

/// The file that says which signer this is, where a log can have several. It lies with what follows from
/// the log, and not with the keys: whoever copies the keys is another signer.
const SIGNER: &str = "signer";

#[derive(Debug)]
pub(super) enum Signer {
    Nobody,
    Here(Box<Here>),
    /// The keys of the server that signs.
    Elsewhere(Vec<VerifierKey>),
}

/// This process, with the keys.
#[derive(Debug)]
pub(super) struct Here {
    pub(super) keys: LogKeys,
    file: PathBuf,
    take_over: bool,
    session: Uuid,
    claimed: AtomicBool,
}

impl Signer {
    pub(super) fn verifiers(&self) -> Vec<VerifierKey> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Here(here) => here.keys.verifiers(),
            Self::Elsewhere(keys) => keys.clone(),
        }
    }
}

impl Here {
    pub(super) fn with(keys: LogKeys, dir: &std::path::Path) -> Result<Self, TransparencyError> {
        Ok(Self {
            keys,
            file: dir.join(SIGNER),
            take_over: false,
            session: random()?,
            claimed: AtomicBool::default(),
        })
    }

    pub(super) const fn take_over(&mut self) {
        self.take_over = true;
    }

    /// Makes sure, before a signature is made, that no other server signs this log.
    pub(super) async fn may_sign(&self, log: &EventLog) -> Result<(), TransparencyError> {
        let Some(signing) = log.backend().signing() else { return Ok(()) };
        let ours = if self.claimed.load(Ordering::Relaxed) {
            signing.holds(self.session).await?
        } else {
            let signer = self
                .known_as()
                .map_err(|cause| TransparencyError::Signer { path: self.file.clone(), cause })?;
            signing.claim(signer, self.session, self.take_over).await?
        };
        if !ours {
            return Err(TransparencyError::SignedElsewhere);
        }
        self.claimed.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn known_as(&self) -> io::Result<Uuid> {
        match fs::read_to_string(&self.file) {
            Ok(text) => text.trim().parse().map_err(io::Error::other),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                let new = random().map_err(io::Error::other)?;
                durable::replace(&self.file, format!("{new}\n").as_bytes(), Readers::Anybody)?;
                Ok(new)
            }
            Err(cause) => Err(cause),
        }
    }
}

fn random() -> Result<Uuid, TransparencyError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| TransparencyError::NoRandomness)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

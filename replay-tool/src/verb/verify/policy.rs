//! Whom to believe.

use std::{fs, path::Path};

use anyhow::Context;
use event_log::{
    log_keys::{LogKeys, LogKeysError},
    transparency::{Checkpoint, Policy, Receipt, Signed, note::VerifierKey},
};

use crate::outcome::Failure;

/// The policy in a file.
pub(super) fn read(path: &Path) -> Result<Policy, Failure> {
    let file = fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
    Policy::parse(&file).map_err(|why| Failure::Usage(format!("{}: {why}", path.display())))
}

/// The public keys of the log in a data folder; none if it has none.
pub(in crate::verb) fn keys_beside(data: &Path) -> Result<Vec<VerifierKey>, Failure> {
    match LogKeys::verifiers_in(&data.join("keys")) {
        Ok(keys) => Ok(keys),
        Err(LogKeysError::File { cause, .. }) if cause.kind() == std::io::ErrorKind::NotFound => {
            Ok(Vec::new())
        }
        Err(error) => Err(Failure::Runtime(error.into())),
    }
}

/// What a checkpoint or a receipt from elsewhere says, if it is signed by a log of the policy.
pub(super) fn said(path: &Path, policy: &Policy) -> Result<(String, Checkpoint), Failure> {
    let file = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("{file} could not be read"))?;
    let signed = match Receipt::parse(&bytes) {
        Ok(receipt) => receipt.checkpoint,
        Err(_) => Signed::parse(&bytes).map_err(|why| {
            Failure::Usage(format!("{file}: neither receipt nor checkpoint: {why}"))
        })?,
    };
    let keys = policy.logs().iter().map(|log| &log.key);
    signed
        .signed_by(keys)
        .map_err(|why| Failure::Usage(format!("{file}: not a checkpoint of this log: {why}")))?;
    Ok((file, signed.checkpoint().clone()))
}

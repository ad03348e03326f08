//! The key under which keys are carried from ring to ring: moved on at each destruction, never back.
//!
//! `TK(n + 1) = HKDF-SHA256(TK(n), parts("transport1", origin, n + 1))`: every ring works it out by itself,
//! and nobody works out the one before. So what the stream held before a destruction opens no more.

use uuid::Uuid;

use super::{super::wrap, Refusal, change::Carried, change::Digest};
use crate::{
    keyring::{KeyringError, while_doing},
    seal::{Secret, with_lengths},
};

/// The transport key of an epoch, from that of the epoch before.
pub(super) fn next(transport: &Secret, origin: &str, epoch: u32) -> Result<Secret, KeyringError> {
    transport
        .derive(&[b"transport1", origin.as_bytes(), &epoch.to_be_bytes()])
        .map_err(while_doing("moving the transport key on"))
}

/// Wraps a key to be carried.
pub(super) fn carry(
    (transport, origin, epoch): (&Secret, &str, u32),
    subject: Uuid,
    key: &Secret,
) -> Result<Carried, KeyringError> {
    let wrapped = wrap::seal(transport, &place(origin, epoch, subject), key)?;
    let commitment = Digest(key.commitment());
    Ok(Carried { subject, commitment, wrapped: hex::encode(wrapped) })
}

/// The key that was carried.
///
/// # Errors
/// [`Refusal::Contradiction`] if it does not open, or is not the one committed to.
pub(super) fn unpack(
    (transport, origin, epoch): (&Secret, &str, u32),
    carried: &Carried,
    revision: u64,
) -> Result<Secret, KeyringError> {
    let wrapped = hex::decode(&carried.wrapped).unwrap_or_default();
    let opened = wrap::open(transport, &place(origin, epoch, carried.subject), &wrapped)?;
    let opened = opened.filter(|key| Digest(key.commitment()) == carried.commitment);
    opened.ok_or_else(|| {
        Refusal::contradiction(revision, "a key does not open, or is not the one committed to")
            .into()
    })
}

fn place(origin: &str, epoch: u32, subject: Uuid) -> Vec<u8> {
    with_lengths(&[
        b"contactpoint carried key 1",
        origin.as_bytes(),
        &epoch.to_be_bytes(),
        subject.as_bytes(),
    ])
}

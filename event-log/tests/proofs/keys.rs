//! Keys that are the same in every run.

use event_log::transparency::{
    Checkpoint, Hash, Signed,
    note::{Kind, SigningKey, VerifierKey},
};

pub(crate) const ORIGIN: &str = "contactpoint.example/audit";

pub(crate) fn key(name: &str, kind: Kind, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, kind, &[seed; 32]).unwrap()
}

/// The log's two keys.
pub(crate) fn log_keys() -> [SigningKey; 2] {
    [key(ORIGIN, Kind::Ed25519, 1), key(ORIGIN, Kind::CosignatureMlDsa44, 2)]
}

/// A witness's key.
pub(crate) fn witness(number: u8) -> SigningKey {
    key(&format!("witness.example/w{number}"), Kind::CosignatureEd25519, 100 + number)
}

pub(crate) fn verifiers(keys: &[SigningKey]) -> Vec<VerifierKey> {
    keys.iter().map(|key| key.verifier().clone()).collect()
}

/// A checkpoint signed by both keys of the log.
pub(crate) fn signed(size: u64, root: Hash) -> Signed {
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    Signed::sign(checkpoint, &log_keys(), 1_245_000_000).unwrap()
}

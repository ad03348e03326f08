//! Keys wrapped under the key of an epoch.

use aws_lc_rs::{
    aead::{Aad, NONCE_LEN, Nonce},
    rand,
};
use rusqlite::{Transaction, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{KeyringError, while_doing};
use crate::seal::{Secret, cipher, with_lengths};

/// A subject's key wrapped under the key of an epoch.
pub(super) fn wrap(
    kek: &Secret,
    epoch: u32,
    subject: Uuid,
    key: &Secret,
) -> Result<Vec<u8>, KeyringError> {
    seal(kek, &place(epoch, subject), key)
}

pub(super) fn unwrap(
    kek: &Secret,
    epoch: u32,
    subject: Uuid,
    wrapped: &[u8],
) -> Result<Secret, KeyringError> {
    open(kek, &place(epoch, subject), wrapped)?
        .ok_or(KeyringError::Damaged("a wrapped key does not open"))
}

fn place(epoch: u32, subject: Uuid) -> Vec<u8> {
    with_lengths(&[b"contactpoint wrapped key 1", &epoch.to_be_bytes(), subject.as_bytes()])
}

/// A key sealed for one place under another: the nonce, then the sealed key with its tag.
pub(super) fn seal(under: &Secret, place: &[u8], key: &Secret) -> Result<Vec<u8>, KeyringError> {
    let doing = "wrapping a key";
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce).map_err(while_doing(doing))?;
    let mut sealed = Vec::with_capacity(64);
    sealed.extend_from_slice(key.expose());
    cipher(under)
        .map_err(while_doing(doing))?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place),
            &mut sealed,
        )
        .map_err(while_doing(doing))?;
    Ok([&nonce[..], &sealed].concat())
}

/// The key that was sealed for this place; none if it was not, or not under this key.
pub(super) fn open(
    under: &Secret,
    place: &[u8],
    sealed: &[u8],
) -> Result<Option<Secret>, KeyringError> {
    let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_LEN>() else { return Ok(None) };
    let mut sealed = Zeroizing::new(sealed.to_vec());
    let opened = cipher(under)
        .map_err(while_doing("unwrapping a key"))?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), &mut sealed)
        .ok()
        .and_then(|key| <[u8; 32]>::try_from(&*key).ok())
        .map(Secret::new);
    Ok(opened)
}

/// Wraps every remaining key anew, from one epoch to the next.
pub(super) fn rewrap(
    transaction: &Transaction<'_>,
    (old_epoch, old): (u32, &Secret),
    (epoch, new): (u32, &Secret),
) -> Result<(), KeyringError> {
    let doing = "wrapping the remaining keys anew";
    let mut next = transaction
        .prepare(
            "SELECT id, wrapped FROM subject WHERE id > ?1 AND state <> 2 ORDER BY id LIMIT 1000",
        )
        .map_err(while_doing(doing))?;
    let mut update = transaction
        .prepare("UPDATE subject SET epoch = ?2, wrapped = ?3 WHERE id = ?1")
        .map_err(while_doing(doing))?;
    let mut after: Vec<u8> = Vec::new();
    loop {
        let some: Vec<(Vec<u8>, Vec<u8>)> = next
            .query_map([&after], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(while_doing(doing))?;
        let Some((last, _)) = some.last() else { return Ok(()) };
        after.clone_from(last);
        for (id, wrapped) in some {
            let subject = Uuid::from_slice(&id).map_err(while_doing(doing))?;
            let key = unwrap(old, old_epoch, subject, &wrapped)?;
            let wrapped = wrap(new, epoch, subject, &key)?;
            update.execute(params![id, epoch, wrapped]).map_err(while_doing(doing))?;
        }
    }
}

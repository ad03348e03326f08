//! The keys of a witness: Ed25519, which everything verifies, and ML-DSA-44, which is meant to last.

use std::path::Path;

use crate::{
    durable::{self, Readers},
    log_keys::{LogKeysError, make_private, read_secret, write_new},
    transparency::note::{Kind, SigningKey, VerifierKey},
};

const SECRETS: [(&str, Kind); 2] = [
    ("witness.ed25519", Kind::CosignatureEd25519),
    ("witness.ml-dsa-44", Kind::CosignatureMlDsa44),
];
const VERIFIERS: &str = "witness.pub";

/// The keys in a folder, made if it has none. One that is missing beside the others is not made anew.
pub(super) fn open_or_create(folder: &Path, name: &str) -> Result<Vec<SigningKey>, LogKeysError> {
    let file = |doing, path: &Path| {
        let path = path.to_owned();
        move |cause| LogKeysError::File { doing, path, cause }
    };
    VerifierKey::new(name, Kind::CosignatureEd25519, &[0; 32])
        .map_err(|cause| LogKeysError::Origin { origin: name.to_owned(), cause })?;
    make_private(folder).map_err(file("make", folder))?;
    let public = folder.join(VERIFIERS);
    let is_there = |path: &Path| path.try_exists().map_err(file("look for", path));
    // Written last: without it the keys have never been used.
    let used = is_there(&public)?;
    if !used {
        for (secret, kind) in SECRETS {
            let path = folder.join(secret);
            if !is_there(&path)? {
                write_new(&path, name, kind)?;
            }
        }
    }
    let read = |(secret, kind)| read_secret(folder.join(secret), name, kind);
    let keys = SECRETS.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if !used {
        let lines: String =
            keys.iter().flat_map(|key| [key.verifier().to_string(), "\n".to_owned()]).collect();
        durable::replace(&public, lines.as_bytes(), Readers::Anybody)
            .map_err(file("write", &public))?;
    }
    Ok(keys)
}

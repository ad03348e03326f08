//! Secrets in files of their own, for their owner's eyes only.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::{KeyringError, while_doing};
use crate::seal::Secret;

/// The name of the file that holds an epoch's key.
pub(super) fn epoch_name(epoch: u32) -> String {
    format!("epoch-{epoch}")
}

/// The name of the file that holds the key which carries keys to other rings in an epoch.
pub(super) fn transport_name(epoch: u32) -> String {
    format!("transport-{epoch}")
}

/// Fresh random bytes.
pub(super) fn random() -> Result<Secret, KeyringError> {
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(&mut *bytes).map_err(while_doing("asking for random bytes"))?;
    Ok(Secret::new(*bytes))
}

/// A fresh secret, durable in its file if there is a directory. One that is there is replaced: call
/// this only when nothing depends on it yet.
pub(super) fn new_secret(dir: Option<&Path>, name: &str) -> Result<Secret, KeyringError> {
    let secret = random()?;
    keep(dir, name, &secret)?;
    Ok(secret)
}

/// The secret in a file.
pub(super) fn secret(dir: &Path, name: &str) -> Result<Secret, KeyringError> {
    let bytes =
        fs::read(dir.join(format!("{name}.key"))).map_err(while_doing("reading a secret"))?;
    let bytes = Zeroizing::new(bytes);
    <[u8; 32]>::try_from(bytes.as_slice())
        .map(Secret::new)
        .map_err(|_| KeyringError::Damaged("a file of a secret does not have 32 bytes"))
}

/// Whether the file of wrapped keys was not closed when it was used last: its journal was left beside it.
pub(super) fn were_left(dir: &Path) -> Result<bool, KeyringError> {
    let journal = dir.join("keyring.sqlite-journal");
    journal.try_exists().map_err(while_doing("looking for a journal of the keys"))
}

/// Whether there is any key of an epoch but those of one.
pub(super) fn has_other_epochs(dir: &Path, kept: u32, carried: bool) -> Result<bool, KeyringError> {
    let others = other_epochs(dir, kept, carried);
    Ok(!others.map_err(while_doing("looking for keys of old epochs"))?.is_empty())
}

/// Makes an end of every key of an epoch but those of one: overwritten, then removed. The key that
/// carries keys to other rings is one of them, where there is one.
pub(super) fn destroy_other_epochs(
    dir: &Path,
    kept: u32,
    carried: bool,
) -> Result<(), KeyringError> {
    let destroy = || -> io::Result<()> {
        let others = other_epochs(dir, kept, carried)?;
        for path in &others {
            let mut old = OpenOptions::new().write(true).open(path)?;
            old.write_all(&[0; 32])?;
            old.sync_all()?;
            fs::remove_file(path)?;
        }
        if others.is_empty() { Ok(()) } else { File::open(dir)?.sync_all() }
    };
    destroy().map_err(while_doing("destroying the key of an epoch"))
}

fn other_epochs(dir: &Path, kept: u32, carried: bool) -> io::Result<Vec<PathBuf>> {
    let own = format!("{}.key", epoch_name(kept));
    let transport = carried.then(|| format!("{}.key", transport_name(kept)));
    let mut others = Vec::new();
    for file in fs::read_dir(dir)? {
        let file = file?;
        let name = file.file_name();
        let Some(name) = name.to_str() else { continue };
        let kept = name == own || Some(name) == transport.as_deref();
        if !kept && (name.starts_with("epoch-") || name.starts_with("transport-")) {
            others.push(file.path());
        }
    }
    Ok(others)
}

/// Makes a secret durable in its file, in place of one that is there.
pub(super) fn keep(dir: Option<&Path>, name: &str, secret: &Secret) -> Result<(), KeyringError> {
    match dir {
        Some(dir) => write(dir, name, secret).map_err(while_doing("writing a secret")),
        None => Ok(()),
    }
}

fn write(dir: &Path, name: &str, secret: &Secret) -> io::Result<()> {
    let unfinished = dir.join(format!("{name}.unfinished"));
    // What an interrupted attempt left behind; usually there is nothing.
    drop(fs::remove_file(&unfinished));
    let mut file = private().write(true).create_new(true).open(&unfinished)?;
    file.write_all(secret.expose())?;
    file.sync_all()?;
    fs::rename(&unfinished, dir.join(format!("{name}.key")))?;
    File::open(dir)?.sync_all()
}

/// Makes a directory that only its owner may enter.
pub(super) fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Makes sure of a file that only its owner may read.
pub(super) fn touch_private(path: &Path) -> io::Result<()> {
    private().append(true).create(true).open(path).map(drop)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Gives a file that is complete its name, durably.
pub(super) fn put_in_place(unfinished: &Path, path: &Path) -> io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    fs::rename(unfinished, path)?;
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

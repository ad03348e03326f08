//! Files that are there whole or not at all, also after a power cut.
//!
//! The bytes go into a temporary file, which is made durable, then renamed, and then the folder is made
//! durable. A reader sees the old file or the new one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system lets.
    Anybody,
    /// Its owner alone.
    Owner,
}

/// Puts the bytes there, in place of what was.
pub(crate) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    put(path, bytes, readers)?;
    sync_folder(folder(path)?)
}

/// Puts the bytes there unless they are there already. Other bytes are never overwritten:
/// [`io::ErrorKind::AlreadyExists`]. The folder is made durable by [`sync_folder`], later.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::read(path) {
        Ok(found) if found == bytes => Ok(()),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "a file with other bytes is there, and is not overwritten",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => put(path, bytes, Readers::Anybody),
        Err(error) => Err(error),
    }
}

/// Makes the folder, and makes it durable that it is there.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => return Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(_) | Err(_) => {}
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        create_folder(above)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => sync_folder(folder(path)?),
    }
}

/// Makes durable which files are in a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn folder(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(folder) => Ok(folder),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "the root is no file")),
    }
}

fn put(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    // What an interrupted attempt left behind; usually there is nothing.
    drop(fs::remove_file(&unfinished));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

//! The log as a folder of files that other people's tools can check (C2SP tlog-tiles v0.1.0).
//!
//! Every file is durable before it bears its name, a file with other bytes is never overwritten, and
//! the checkpoint comes last: a folder with a checkpoint is complete. The same part of the same log
//! gives the same bytes.
//!
//! A part without the beginning has every hash of the tree all the same, and so every root; only the
//! first bundles of entries are not there. Source: tlog-tiles, pruning, which knows no other hole.

mod bundle;
mod page;
mod public_key;

pub use self::bundle::{Bundled, Custody, Under, export_bundle};

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use crate::{
    backend::ReadError,
    checkpoints::{CheckpointsError, Kept, size_of_file},
    durable,
    time_stamps::{self, TimeStampsError},
    transparency::{
        Signed,
        note::VerifierKey,
        tile::{Row, Tile},
    },
    transparency_log::{TransparencyError, TransparencyLog},
    tree_store::TreeError,
};

/// In a folder without the first entries: the number of the first that is there.
pub const FIRST_ENTRY: &str = "first-entry";

/// Which part of the log is exported. The default is all that was published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Entries before the bundle that holds this position are left out.
    pub from: u64,
    /// As of the published checkpoint of this size; without it, as of the newest.
    pub size: Option<u64>,
}

impl Part {
    /// All of the log, as it was at the published checkpoint of this size.
    pub const fn of_size(size: u64) -> Self {
        Self { from: 0, size: Some(size) }
    }

    /// The first entry that is there: the first of the bundle that holds `from`.
    pub const fn first_entry(&self) -> u64 {
        self.from & !0xff
    }
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The checkpoint under which the folder stands.
    pub checkpoint: Signed,
    /// How many hash tiles.
    pub tiles: u64,
    /// How many bundles of entries.
    pub bundles: u64,
    /// How many checkpoints, older ones included.
    pub checkpoints: u64,
    /// How many time-stamps of these.
    pub time_stamps: u64,
}

/// Why the folder is not complete. It can be written again over what is there.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The part would hold no entry.
    #[error("the log had {size} entries at that checkpoint, so there is none from {from} on")]
    NothingFrom {
        /// The first position that was asked for.
        from: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// Nothing was published yet, or nothing of that size.
    #[error("no checkpoint of that size was published")]
    NoCheckpoint,
    /// The checkpoint to export under has another root than the log.
    #[error("the log is not what the checkpoint of size {size} says")]
    OtherRoot {
        /// The size of the checkpoint.
        size: u64,
    },
    /// There is no such event.
    #[error("the log has no event at position {0}")]
    NoEvent(u64),
    /// The log or its tree cannot be read, or disagree.
    #[error(transparent)]
    Log(#[from] TransparencyError),
    /// No checkpoint that covers all of it was time-stamped.
    #[error("no checkpoint that covers all of it was time-stamped")]
    NoTimeStamp,
    /// A time-stamp cannot be read.
    #[error(transparent)]
    TimeStamps(#[from] TimeStampsError),
    /// A file cannot be written, or has other bytes.
    #[error("could not write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
}

impl From<TreeError> for ExportError {
    fn from(error: TreeError) -> Self {
        Self::Log(error.into())
    }
}

impl From<ReadError> for ExportError {
    fn from(error: ReadError) -> Self {
        Self::Log(error.into())
    }
}

impl From<CheckpointsError> for ExportError {
    fn from(error: CheckpointsError) -> Self {
        Self::Log(error.into())
    }
}

/// Writes a part of the log into the folder `out`. `keys` are the log's public keys; `progress` is told
/// the number of files written.
///
/// # Errors
/// See [`ExportError`].
pub async fn export_tiles(
    log: &TransparencyLog,
    out: &Path,
    part: Part,
    keys: &[VerifierKey],
    mut progress: impl FnMut(u64),
) -> Result<Exported, ExportError> {
    let published = match part.size {
        // As it was when the tree was looked at: the service may publish meanwhile.
        None => log.checkpoint().map(|signed| Signed::clone(&signed)),
        Some(size) => log.checkpoints().of_size(size)?,
    };
    let checkpoint = published.ok_or(ExportError::NoCheckpoint)?;
    let size = checkpoint.checkpoint().size;
    if log.tree().root_at(size)? != checkpoint.checkpoint().root {
        return Err(ExportError::OtherRoot { size });
    }
    if part.from > 0 && part.from >= size {
        return Err(ExportError::NothingFrom { from: part.from, size });
    }
    let first = part.first_entry();
    let mut folder = Folder { out, touched: BTreeSet::new() };
    let (mut tiles, mut bundles) = (0_u64, 0_u64);
    for tile in Tile::of_part(first, size) {
        match tile.row {
            Row::Hashes(_) => tiles = tiles.saturating_add(1),
            Row::Entries => bundles = bundles.saturating_add(1),
        }
        folder.write(&tile.path(), &bytes_of(log, &tile).await?)?;
        progress(tiles.saturating_add(bundles));
    }
    let checkpoints = write_checkpoints(log, &mut folder, size)?;
    let time_stamps = write_time_stamps(log, &mut folder, size)?;
    for key in keys {
        let name = public_key::file_name(key.kind());
        folder.write(&format!("keys/{name}.vkey"), format!("{key}\n").as_bytes())?;
        folder.write(&format!("keys/{name}.pem"), public_key::pem(key).as_bytes())?;
    }
    folder.write("policy", policy(keys).as_bytes())?;
    if first > 0 {
        folder.write(FIRST_ENTRY, format!("{first}\n").as_bytes())?;
    }
    folder.write("CHECKING.md", page::page(checkpoint.checkpoint(), first).as_bytes())?;
    folder.write("check.py", page::PROGRAM.as_bytes())?;
    folder.sync()?;
    folder.write("checkpoint", checkpoint.to_string().as_bytes())?;
    folder.sync()?;
    Ok(Exported { checkpoint, tiles, bundles, checkpoints, time_stamps })
}

async fn bytes_of(log: &TransparencyLog, tile: &Tile) -> Result<Vec<u8>, ExportError> {
    match tile.row {
        Row::Hashes(level) => {
            let damaged = TreeError::Damaged { level, index: tile.index };
            Ok(log.tree().tile(tile)?.ok_or(damaged)?)
        }
        Row::Entries => Ok(log.bundle_within_tree(tile).await?),
    }
}

/// Writes every checkpoint up to a size, each into a file of its own, and answers how many there were.
fn write_checkpoints(
    log: &TransparencyLog,
    folder: &mut Folder<'_>,
    size: u64,
) -> Result<u64, ExportError> {
    let mut written = BTreeSet::new();
    for kept in log.checkpoints().every()? {
        let Kept { name, bytes, .. } = kept?;
        if size_of_file(&name).is_some_and(|older| older <= size) {
            folder.write(&format!("checkpoints/{name}"), &bytes)?;
            written.insert(name);
        }
    }
    Ok(u64::try_from(written.len()).unwrap_or(u64::MAX))
}

/// Writes every time-stamp up to a size, and answers how many there were.
fn write_time_stamps(
    log: &TransparencyLog,
    folder: &mut Folder<'_>,
    size: u64,
) -> Result<u64, ExportError> {
    let mut written = 0_u64;
    for older in log.time_stamps().sizes()?.into_iter().take_while(|older| *older <= size) {
        // It was there when the folder was listed.
        let answer = log.time_stamps().of_size(older)?.unwrap_or_default();
        folder.write(&format!("{}/{older}.tsr", time_stamps::FOLDER), &answer)?;
        written = written.saturating_add(1);
    }
    Ok(written)
}

/// The policy that believes the log's own keys, for want of witnesses.
fn policy(keys: &[VerifierKey]) -> String {
    let mut lines: Vec<String> = keys.iter().map(|key| format!("log {key}")).collect();
    lines.push("quorum none\n".to_owned());
    lines.join("\n")
}

struct Folder<'a> {
    out: &'a Path,
    touched: BTreeSet<PathBuf>,
}

impl Folder<'_> {
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.out.join(name);
        let folder = path.parent().unwrap_or(self.out).to_owned();
        let made =
            if self.touched.contains(&folder) { Ok(()) } else { durable::create_folder(&folder) };
        made.and_then(|()| durable::create(&path, bytes))
            .map_err(|cause| ExportError::File { path, cause })?;
        self.touched.insert(folder);
        Ok(())
    }

    fn sync(&self) -> Result<(), ExportError> {
        for path in &self.touched {
            durable::sync_folder(path)
                .map_err(|cause| ExportError::File { path: path.clone(), cause })?;
        }
        Ok(())
    }
}

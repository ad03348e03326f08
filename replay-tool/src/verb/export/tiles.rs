//! The whole log as a folder of tiles, bundles and checkpoints.

use std::{fmt, fs, io, path::Path};

use anyhow::anyhow;
use clap::Args;
use event_log::{
    export::{ExportError, FIRST_ENTRY, Part, export_tiles},
    transparency::{Signed, tile::Tile},
    transparency_log::{Publish, TransparencyError, TransparencyLog},
};
use serde_json::json;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    progress::Progress,
    source::Source,
    verb::verify::policy,
};

/// What an unfinished export was to become, so that the next run goes on with the same.
const AIM: &str = "unfinished";

/// Which part of the log.
#[derive(Debug, Args)]
pub(super) struct Range {
    /// Leave out the entries before this position, in whole bundles of 256. Their hashes are there all the same,
    /// so that every checkpoint can be checked.
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// As of the first checkpoint that covers this position. Without it: the one that is published now.
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
}

pub(super) async fn run(global: &Global, out: &Path, range: &Range) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let folder = source.folder()?;
    let keys = policy::keys_beside(folder)?;
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let Aim { from, size } = aim(&log, out, range)?;
    let part = Part { from, size: Some(size) };
    let files = u64::try_from(Tile::of_part(from, size).count()).unwrap_or(u64::MAX);
    let mut progress = Progress::of("exported", "files", files, global.quiet);
    let exported = export_tiles(&log, out, part, &keys, |files| progress.at(files)).await?;
    progress.end();
    fs::remove_file(out.join(AIM))?;
    let checkpoint = exported.checkpoint.checkpoint();
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in [
        ("log", json!(checkpoint.origin)),
        ("entries", json!(checkpoint.size)),
        ("first entry", json!(from)),
        ("root", json!(hex::encode(checkpoint.root))),
        ("hash tiles", json!(exported.tiles)),
        ("bundles of entries", json!(exported.bundles)),
        ("checkpoints", json!(exported.checkpoints)),
        ("time-stamps", json!(exported.time_stamps)),
    ] {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    Ok(Answer::Found)
}

/// What a folder is to become: the entries from one, in whole bundles, under the checkpoint of a size.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Aim {
    from: u64,
    size: u64,
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entries {} to {}", self.from, self.size.saturating_sub(1))
    }
}

/// What to export: what was asked for, or what an interrupted run had begun with. Noted before anything is
/// written, so that the tiles of two sizes never lie in one folder.
fn aim(log: &TransparencyLog, out: &Path, range: &Range) -> Result<Aim, Failure> {
    let note = out.join(AIM);
    let begun = match fs::read_to_string(&note) {
        Ok(text) => Some(noted(&text).ok_or_else(|| {
            Failure::Usage(format!("{}: not what an export notes", note.display()))
        })?),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => finished(out)?,
        Err(cause) => return Err(cause.into()),
    };
    let size = match range.to {
        Some(position) => {
            log.checkpoints().first_beyond(position).map_err(TransparencyError::from)?
        }
        None => begun
            .map(|begun| begun.size)
            .or_else(|| log.checkpoint().map(|signed| signed.checkpoint().size)),
    };
    let size = size.ok_or_else(|| {
        Failure::Incomplete(
            "no published checkpoint covers that; checkpoints are made by the server".to_owned(),
        )
    })?;
    if range.from > 0 && range.from >= size {
        return Err(ExportError::NothingFrom { from: range.from, size }.into());
    }
    let from = Part { from: range.from, size: Some(size) }.first_entry();
    let wanted = Aim { from, size };
    if let Some(begun) = begun.filter(|begun| *begun != wanted) {
        return Err(Failure::Usage(format!(
            "{} holds an export of {begun}; choose another folder for {wanted}",
            out.display()
        )));
    }
    fs::create_dir_all(out)?;
    fs::write(&note, format!("{from} {size}\n"))?;
    Ok(wanted)
}

/// What an interrupted run noted.
fn noted(text: &str) -> Option<Aim> {
    let (from, size) = text.trim_end().split_once(' ')?;
    Some(Aim { from: from.parse().ok()?, size: size.parse().ok()? })
}

/// The export that is there already.
fn finished(out: &Path) -> Result<Option<Aim>, Failure> {
    let Some(checkpoint) = present(&out.join("checkpoint"))? else { return Ok(None) };
    let from = present(&out.join(FIRST_ENTRY))?
        .and_then(|bytes| String::from_utf8(bytes).ok()?.trim_end().parse().ok())
        .unwrap_or_default();
    let signed = Signed::parse(&checkpoint).ok();
    Ok(signed.map(|signed| Aim { from, size: signed.checkpoint().size }))
}

/// The bytes of a file, if it is there.
fn present(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

impl From<TransparencyError> for Failure {
    fn from(error: TransparencyError) -> Self {
        let contradiction = error.is_contradiction();
        let error = anyhow!(error);
        if contradiction { Self::Integrity(format!("{error:#}")) } else { Self::Runtime(error) }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Log(error) => error.into(),
            ExportError::OtherRoot { .. } => Self::Integrity(error.to_string()),
            ExportError::NoCheckpoint
            | ExportError::NoTimeStamp
            | ExportError::NoEvent(_)
            | ExportError::NothingFrom { .. } => Self::Incomplete(error.to_string()),
            error @ (ExportError::TimeStamps(_) | ExportError::File { .. }) => {
                Self::Runtime(anyhow!(error))
            }
        }
    }
}

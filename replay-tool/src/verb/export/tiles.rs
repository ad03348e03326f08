//! The whole log as a folder of tiles, bundles and checkpoints.

use std::{fs, io, path::Path};

use anyhow::anyhow;
use clap::Args;
use event_log::{
    export::{ExportError, export_tiles},
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
    /// As of the first checkpoint that covers this position. Without it: the one that is published now. There is no
    /// beginning but the first entry, for a tree cannot be checked with a hole in it.
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
}

pub(super) async fn run(global: &Global, out: &Path, range: &Range) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let folder = source.folder()?;
    let keys = policy::keys_beside(folder)?;
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let size = aim(&log, out, range)?;
    let files = u64::try_from(Tile::between(0, size).count()).unwrap_or(u64::MAX);
    let mut progress = Progress::of("exported", "files", files, global.quiet);
    let exported = export_tiles(&log, out, Some(size), &keys, |files| progress.at(files)).await?;
    progress.end();
    fs::remove_file(out.join(AIM))?;
    let checkpoint = exported.checkpoint.checkpoint();
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in [
        ("log", json!(checkpoint.origin)),
        ("entries", json!(checkpoint.size)),
        ("root", json!(hex::encode(checkpoint.root))),
        ("hash tiles", json!(exported.tiles)),
        ("bundles of entries", json!(exported.bundles)),
        ("checkpoints", json!(exported.checkpoints)),
    ] {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    Ok(Answer::Found)
}

/// The size to export: what was asked for, or what an interrupted run had begun with. Noted before anything is
/// written, so that the tiles of two sizes never lie in one folder.
fn aim(log: &TransparencyLog, out: &Path, range: &Range) -> Result<u64, Failure> {
    let note = out.join(AIM);
    let begun = match fs::read_to_string(&note) {
        Ok(text) => {
            let size = text.trim().parse().ok();
            Some(size.ok_or_else(|| Failure::Usage(format!("{}: not a size", note.display())))?)
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => finished(out)?,
        Err(cause) => return Err(cause.into()),
    };
    let wanted = match range.to {
        Some(position) => {
            let sizes = log.checkpoints().sizes().map_err(TransparencyError::from)?;
            sizes.into_iter().find(|size| *size > position)
        }
        None => begun.or_else(|| log.checkpoint().map(|signed| signed.checkpoint().size)),
    };
    let wanted = wanted.ok_or_else(|| {
        Failure::Incomplete(
            "no published checkpoint covers that; checkpoints are made by the server".to_owned(),
        )
    })?;
    if let Some(begun) = begun.filter(|begun| *begun != wanted) {
        return Err(Failure::Usage(format!(
            "{} holds an export of {begun} entries; choose another folder for one of {wanted}",
            out.display()
        )));
    }
    fs::create_dir_all(out)?;
    fs::write(&note, format!("{wanted}\n"))?;
    Ok(wanted)
}

/// The size of an export that is there already.
fn finished(out: &Path) -> Result<Option<u64>, Failure> {
    match fs::read(out.join("checkpoint")) {
        Ok(bytes) => Ok(Signed::parse(&bytes).ok().map(|signed| signed.checkpoint().size)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause.into()),
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
            ExportError::NoCheckpoint | ExportError::NoEvent(_) => {
                Self::Incomplete(error.to_string())
            }
            error @ ExportError::File { .. } => Self::Runtime(anyhow!(error)),
        }
    }
}

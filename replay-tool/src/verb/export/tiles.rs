//! The whole log as a folder of tiles, bundles and checkpoints.

use std::path::Path;

use anyhow::anyhow;
use clap::Args;
use event_log::{
    export::{ExportError, export_tiles},
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyError, TransparencyLog},
};
use serde_json::json;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    progress::Progress,
    source::Source,
};

/// Which part of the log.
#[derive(Debug, Args)]
pub(super) struct Range {
    /// As of the checkpoint of this size. Without it: the one that is published now.
    #[arg(long, value_name = "SIZE")]
    to: Option<u64>,
}

pub(super) async fn run(global: &Global, out: &Path, range: &Range) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let folder = source.folder()?;
    let keys = LogKeys::verifiers_in(&folder.join("keys"))
        .map_err(|error| Failure::Incomplete(format!("the log's public keys: {error}")))?;
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let mut progress = Progress::new("exported", 0, global.quiet);
    let exported = export_tiles(&log, out, range.to, &keys, |files| progress.at(files)).await?;
    progress.end();
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

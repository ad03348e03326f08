//! An exported folder, with nothing else at hand.

use std::path::Path;

use anyhow::anyhow;
use event_log::{
    folder_check::{FolderError, Report, check_folder},
    transparency::Signed,
};
use serde_json::json;

use super::{Arguments, policy};
use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    progress::Progress,
};

pub(super) fn run(
    global: &Global,
    folder: &Path,
    arguments: &Arguments,
) -> Result<Answer, Failure> {
    if !arguments.compare.is_empty() {
        return Err(Failure::Usage(
            "to compare an exported folder with an older checkpoint, put that into checkpoints/ under the name \
             of its size (1234.note)"
                .to_owned(),
        ));
    }
    let (policy, own) = match &arguments.policy {
        Some(path) => (policy::read(path)?, false),
        None => (policy::read(&folder.join("policy"))?, true),
    };
    // How many there will be, for the progress; what is wrong with the file is found by the check.
    let checkpoint = std::fs::read(folder.join("checkpoint")).unwrap_or_default();
    let total = Signed::parse(&checkpoint).map_or(0, |signed| signed.checkpoint().size);
    let mut progress = Progress::new("verified", total, global.quiet);
    let checked = check_folder(folder, &policy, |entries| {
        progress.at(entries);
    });
    progress.end();
    match checked {
        Ok(report) => show(global, &report, own),
        Err(FolderError::Found(found)) => {
            Err(Failure::Integrity(format!("{found}. Nothing was changed.")))
        }
        Err(error @ FolderError::Unreadable { .. }) => Err(Failure::Runtime(anyhow!(error))),
    }
}

fn show(global: &Global, report: &Report, own: bool) -> Result<Answer, Failure> {
    let checkpoint = &report.checkpoint;
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in [
        ("log", json!(checkpoint.origin)),
        ("entries", json!(checkpoint.size)),
        ("root", json!(hex::encode(checkpoint.root))),
        ("tiles and bundles", json!(report.tiles)),
        ("checkpoints", json!(report.checkpoints)),
        ("signatures of the log", json!(report.log_signatures)),
        ("cosignatures of witnesses", json!(report.witnesses)),
    ] {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    if own {
        global.remark(
            "The keys were those in the folder itself: it agrees with itself. Whose keys they are you must know \
             from elsewhere; then give --policy FILE.",
        );
    }
    Ok(Answer::Found)
}

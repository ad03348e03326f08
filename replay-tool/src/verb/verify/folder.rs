//! An exported folder, with nothing else at hand.

use std::path::Path;

use anyhow::anyhow;
use event_log::{
    folder_check::{Came, FolderCheck, FolderError, Report},
    transparency::Policy,
};
use serde_json::json;

use super::{Arguments, policy, resuming::Resuming, time_stamps::Stamped};
use crate::{
    cli::Global,
    interrupt,
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
    let report = go_through(global, folder, &policy, arguments)?;
    let stamped = Stamped::look_at(global, folder, arguments.time_stamp_authority.as_deref())?;
    if let Some(first) = stamped.found.first() {
        return Err(Failure::Integrity(format!("{first}. Nothing was changed.")));
    }
    show(global, &report, (own, &stamped))
}

fn go_through(
    global: &Global,
    folder: &Path,
    policy: &Policy,
    arguments: &Arguments,
) -> Result<Report, Failure> {
    let mut check = FolderCheck::begin(folder, policy)?;
    let mut resuming = Resuming::begin(arguments.resume.as_deref(), &mut check)?;
    let came_to = |check: &FolderCheck<'_>| match (check.next(), check.signed()) {
        (0, signed) => format!("after the signatures of {signed} checkpoints"),
        (next, _) => format!("at position {next}"),
    };
    if check.next() > 0 || check.signed() > 0 {
        global.remark(&format!("going on {}", came_to(&check)));
    }
    interrupt::listen()?;
    let mut signatures = Progress::of("checked", "signed checkpoints", check.older(), global.quiet);
    signatures.from(check.signed());
    let (size, from) = (check.size(), check.next());
    let mut entries = None;
    while let Some(came) = check.advance()? {
        match came {
            Came::Checkpoints(number) => signatures.at(number),
            Came::Entries(next) => entries
                .get_or_insert_with(|| {
                    signatures.end();
                    let mut entries = Progress::new("verified", size, global.quiet);
                    entries.from(from);
                    entries
                })
                .at(next),
        }
        resuming.perhaps_note(&check)?;
        if interrupt::asked() {
            entries.as_ref().unwrap_or(&signatures).end();
            return Err(resuming.interrupted(&check, &came_to(&check))?);
        }
    }
    entries.as_ref().unwrap_or(&signatures).end();
    resuming.end()?;
    Ok(check.finish())
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Found(found) => Self::Integrity(format!("{found}. Nothing was changed.")),
            error @ FolderError::Unreadable { .. } => Self::Runtime(anyhow!(error)),
            FolderError::NotSaved(why) => Self::Usage(format!("what --resume names: {why}")),
        }
    }
}

fn show(
    global: &Global,
    report: &Report,
    (own, stamped): (bool, &Stamped),
) -> Result<Answer, Failure> {
    let checkpoint = &report.checkpoint;
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in [
        ("log", json!(checkpoint.origin)),
        ("entries", json!(checkpoint.size)),
        ("first entry", json!(report.from)),
        ("root", json!(hex::encode(checkpoint.root))),
        ("tiles and bundles", json!(report.tiles)),
        ("checkpoints", json!(report.checkpoints)),
        ("signatures of the log", json!(report.log_signatures)),
        ("cosignatures of witnesses", json!(report.witnesses)),
    ] {
        sheet.row([json!(what), value])?;
    }
    for (_, what, value) in stamped.rows() {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    if report.from > 0 {
        global.remark(&format!(
            "Of the entries before {} the folder has the hashes only: they are in the tree, and what they say is not shown.",
            report.from
        ));
    }
    if own {
        global.remark(
            "The keys were those in the folder itself: it agrees with itself. Whose keys they are you must know \
             from elsewhere; then give --policy FILE.",
        );
    }
    Ok(Answer::Found)
}

//! A receipt, with nothing else at hand.

use std::{fs, path::Path};

use anyhow::Context;
use event_log::transparency::{Receipt, leaf, proof::check_inclusion};
use serde_json::json;

use super::{Arguments, policy};
use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::{Sheet, line},
};

pub(super) fn run(global: &Global, path: &Path, arguments: &Arguments) -> Result<Answer, Failure> {
    let file = path.display();
    let bytes = fs::read(path).with_context(|| format!("{file} could not be read"))?;
    let receipt = Receipt::parse(&bytes).map_err(|why| {
        Failure::Integrity(format!("{file}: it was overwritten, or is no receipt: {why}"))
    })?;
    let checkpoint = receipt.checkpoint.checkpoint();
    let entry = match &arguments.entry {
        Some(path) => {
            Some(fs::read(path).with_context(|| format!("{} could not be read", path.display()))?)
        }
        None => receipt.extra.clone().filter(|extra| extra.len() != 32),
    };
    // A receipt that the server gives holds the hash of the entry only.
    let hash = match (&entry, receipt.extra.as_deref()) {
        (Some(entry), _) => Some(leaf(entry)),
        (None, Some(extra)) => extra.try_into().ok(),
        (None, None) => None,
    };
    let hash = hash.ok_or_else(|| {
        Failure::Usage(format!("{file} does not hold its entry: give it with --entry FILE"))
    })?;
    check_inclusion(&hash, receipt.index, checkpoint.size, &receipt.proof, &checkpoint.root)
        .map_err(|why| {
            let what = "the entry, its place or the proof was altered";
            Failure::Integrity(format!("{file}, position {}: {what}: {why}", receipt.index))
        })?;
    let mut rows = vec![
        ("log", json!(checkpoint.origin)),
        ("position", json!(receipt.index)),
        ("hash of the entry", json!(hex::encode(hash))),
        ("entries signed", json!(checkpoint.size)),
        ("root", json!(hex::encode(checkpoint.root))),
    ];
    if let Some(path) = &arguments.policy {
        let policy = policy::read(path)?;
        let accepted = policy.accept(&receipt.checkpoint).map_err(|why| {
            Failure::Integrity(format!(
                "{file}: its checkpoint is forged or not vouched for: {why}"
            ))
        })?;
        rows.push(("signatures of the log", json!(accepted.logs.len())));
        rows.push(("cosignatures of witnesses", json!(accepted.witnesses.len())));
    }
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in rows {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    if let Some(entry) = entry {
        global.remark("The entry:");
        line(&String::from_utf8_lossy(&entry))?;
    }
    if arguments.policy.is_some() {
        return Ok(Answer::Found);
    }
    Err(Failure::Incomplete(
        "the entry is in the tree that the checkpoint names; who signed the checkpoint was not checked: give \
         --policy FILE"
            .to_owned(),
    ))
}

//! `replay prove`: a receipt that convinces without the log.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::Args;
use event_log::{
    transparency::{Policy, leaf},
    transparency_log::{Publish, TransparencyLog},
};

use super::{event::EventRef, verify::policy};
use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::line,
    source::Source,
};

/// Writes a `.tlog-proof` (C2SP tlog-proof): the entry, its place, the hashes that lead from it to the root, and
/// the checkpoint that signs the root. `replay verify FILE` checks it, and so do other people's tools. The entry
/// holds handles and codes; no name, no words.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The event, by its identity or its position.
    event: EventRef,
    /// The file to write; `<event>.tlog-proof` here if none is named.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let stored = arguments.event.stored(source.log()).await?;
    let folder = source.folder()?;
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let incomplete = |why: &str| Failure::Incomplete(why.to_owned());
    let mut receipt = log.receipt(stored.position)?.ok_or_else(|| {
        incomplete(
            "no published checkpoint covers the event yet; checkpoints are made by the server",
        )
    })?;
    let keys = policy::keys_beside(folder)?;
    let policy = Policy::of_log(keys);
    if let Err(why) = receipt.verify(&stored.entry, &policy) {
        let hash = hex::encode(leaf(&stored.entry));
        return Err(Failure::Integrity(format!(
            "position {}: {why}. The hash of the entry is {hash}; `replay verify` says more",
            stored.position
        )));
    }
    receipt.extra = Some(stored.entry.clone());
    let out = if let Some(out) = &arguments.out {
        out.clone()
    } else {
        let header = source.log().header_at(stored.position).await?;
        let header = header.ok_or_else(|| incomplete("the event cannot be read"))?;
        PathBuf::from(format!("{}.tlog-proof", header.stamp.id))
    };
    fs::write(&out, receipt.to_string())
        .with_context(|| format!("{} could not be written", out.display()))?;
    line(&format!(
        "{}: the event at position {} is among the {} entries that were signed",
        out.display(),
        stored.position,
        receipt.checkpoint.checkpoint().size
    ))?;
    Ok(Answer::Found)
}

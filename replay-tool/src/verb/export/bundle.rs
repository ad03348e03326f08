//! Chosen events as a folder for a court.

use std::{collections::BTreeSet, path::Path};

use clap::Args;
use event_log::{
    export::{Custody, Under, export_bundle},
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyLog},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    source::Source,
    verb::event::EventRef,
};

/// What goes into the bundle, and for whom.
#[derive(Debug, Args)]
pub(super) struct Choice {
    /// An event, by identity or position; may be given again. Only these are opened, if there are keys.
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<EventRef>,
    /// Everything recorded about this subject, too: a child's record, or a person.
    #[arg(long, value_name = "ID")]
    subject: Option<Uuid>,
    /// Prove it under the first checkpoint that a time-stamping authority has seen, and put the time-stamp in: so the events
    /// existed by then, whatever our clock says. Exit code 5 if there is none yet.
    #[arg(long)]
    time_stamped: bool,
    /// Who makes it, by name or office. Goes into the bundle.
    #[arg(long, value_name = "WHO")]
    made_by: Option<String>,
    /// For whom: a court, a tribunal. Goes into the bundle.
    #[arg(long, value_name = "WHO")]
    made_for: Option<String>,
    /// Under which order or reference. Goes into the bundle.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
}

pub(super) async fn run(global: &Global, out: &Path, choice: &Choice) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let chosen = chosen(&source, choice).await?;
    if chosen.is_empty() {
        return Err(Failure::Usage("which events? Give --event or --subject.".to_owned()));
    }
    let folder = source.folder()?;
    let keys = LogKeys::verifiers_in(&folder.join("keys"))
        .map_err(|error| Failure::Incomplete(format!("the log's public keys: {error}")))?;
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let mut stamps = Vec::new();
    for position in &chosen {
        stamps.extend(source.log().header_at(*position).await?.map(|header| header.stamp));
    }
    let opened = source.opened_for(&stamps.iter().collect()).await?;
    let custody = Custody {
        made_by: choice.made_by.clone(),
        made_for: choice.made_for.clone(),
        reference: choice.reference.clone(),
        reason: global.reason.clone(),
    };
    let under = if choice.time_stamped { Under::FirstTimeStamped } else { Under::First };
    let what = (&chosen, under);
    let bundled = export_bundle(&log, &opened, what, (out, &keys), &custody).await?;
    let checkpoint = bundled.checkpoint.checkpoint();
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in [
        ("log", json!(checkpoint.origin)),
        ("proven under the checkpoint of size", json!(checkpoint.size)),
        ("entries", json!(bundled.entries)),
        ("of them opened", json!(bundled.opened)),
        ("files", json!(bundled.files)),
    ] {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!(null))?;
    Ok(Answer::Found)
}

async fn chosen(source: &Source, choice: &Choice) -> Result<BTreeSet<u64>, Failure> {
    let log = source.log();
    let mut chosen = BTreeSet::new();
    for event in &choice.events {
        chosen.insert(event.find(log).await?.stamp.position);
    }
    for stream in choice.subject.into_iter().flat_map(domain::stream::Stream::of_subject) {
        let stored = log.backend().read_stream(stream, 0, None).await?;
        chosen.extend(stored.iter().map(|stored| stored.position));
    }
    Ok(chosen)
}

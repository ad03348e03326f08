//! `replay log`: what happened, in order, filtered.

use chrono::{DateTime, Utc};
use clap::Args;
use domain::{
    identity::{OrganisationId, PractitionerId},
    stream::Stream,
};
use event_log::event_log::PublicHeader;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    cells::{organisation, place, plain, role, who},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::{Sheet, say},
    progress::Progress,
    sealed,
    source::Source,
};

const COLUMNS: &[&str] = &[
    "position",
    "at",
    "stream",
    "revision",
    "type",
    "actor",
    "role",
    "organisation",
    "policy",
    "event",
    "content",
];

/// How many headers are read at once.
const AT_ONCE: usize = 2_048;

/// Every filter must hold; without one, everything is shown.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only events of this stream, e.g. `access-5f0c…`.
    #[arg(long)]
    stream: Option<Stream>,
    /// Only events of streams of this category, e.g. `shield`.
    #[arg(long)]
    category: Option<String>,
    /// Only events whose stored name contains this, e.g. `override`.
    #[arg(long, value_name = "TEXT")]
    r#type: Option<String>,
    /// Only events of streams about this subject: the handle of a child, a practitioner, an organisation.
    #[arg(long, value_name = "HANDLE")]
    subject: Option<Uuid>,
    /// Only what this person did.
    #[arg(long, value_name = "HANDLE")]
    actor: Option<PractitionerId>,
    /// Only what people of this organisation did.
    #[arg(long, value_name = "HANDLE")]
    organisation: Option<OrganisationId>,
    /// Only events recorded at or after this instant (RFC 3339).
    #[arg(long, value_name = "TIME")]
    since: Option<DateTime<Utc>>,
    /// Only events recorded before this instant (RFC 3339).
    #[arg(long, value_name = "TIME")]
    until: Option<DateTime<Utc>>,
    /// From this position on.
    #[arg(long, default_value_t = 0, value_name = "N")]
    from: u64,
    /// Up to this position, inclusive.
    #[arg(long, value_name = "N")]
    to: Option<u64>,
    /// At most so many events.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    limit: usize,
    /// Show what the events say, too. Personal values need keys.
    #[arg(long)]
    content: bool,
}

impl Arguments {
    fn wants(&self, header: &PublicHeader) -> bool {
        let stamp = &header.stamp;
        let stream = stamp.stream;
        self.stream.is_none_or(|wanted| stream == wanted)
            && self.category.as_deref().is_none_or(|wanted| stream.category() == wanted)
            && self.r#type.as_deref().is_none_or(|wanted| header.name.contains(wanted))
            && self.subject.is_none_or(|wanted| stream.subject() == Some(wanted))
            && self.actor.is_none_or(|wanted| stamp.by.id == Some(wanted))
            && self.organisation.is_none_or(|wanted| stamp.by.organisation == Some(wanted))
            && self.since.is_none_or(|since| stamp.at >= since)
            && self.until.is_none_or(|until| stamp.at < until)
    }
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let end = source.log().length();
    let last = arguments.to.map_or(end, |to| end.min(to.saturating_add(1)));
    let mut progress = Progress::new("searched", last.saturating_sub(arguments.from), global.quiet);
    let (mut found, mut next) = (Vec::new(), arguments.from);
    while next < last && found.len() < arguments.limit {
        let headers = source.log().read_headers(next, AT_ONCE).await?;
        let Some(furthest) = headers.last() else { break };
        let following = furthest.stamp.position.saturating_add(1);
        let room = arguments.limit.saturating_sub(found.len());
        let wanted = headers
            .into_iter()
            .filter(|header| header.stamp.position < last && arguments.wants(header))
            .take(room);
        found.extend(wanted);
        next = following;
        progress.at(next.saturating_sub(arguments.from));
    }
    progress.end();
    show(global, &source, arguments, &found).await?;
    let (count, from, to) = (found.len(), arguments.from, next.min(last).saturating_sub(1));
    global.remark(&format!("{count} events; searched positions {from} to {to} of {end}"));
    if count == arguments.limit {
        // Said to whoever asked for quiet as well: rows that are missing look like events that are.
        say(&format!("The limit of {count} events was reached, and there may be more: --limit N"));
    }
    Ok(if found.is_empty() { Answer::Nothing } else { Answer::Found })
}

async fn show(
    global: &Global,
    source: &Source,
    arguments: &Arguments,
    found: &[PublicHeader],
) -> Result<(), Failure> {
    let shown = found.iter().filter(|_| arguments.content).map(|header| &header.stamp).collect();
    let log = source.opened_for(&shown).await?;
    let columns = if arguments.content { COLUMNS } else { COLUMNS.get(..10).unwrap_or(COLUMNS) };
    let mut sheet = Sheet::new(global.format(), columns);
    let mut erased = Erased::default();
    for header in found {
        let stamp = &header.stamp;
        let [position, at] = place(stamp);
        let mut row = vec![
            position,
            at,
            json!(stamp.stream),
            json!(stamp.revision),
            json!(header.name),
            who(stamp.by),
            role(stamp.by),
            organisation(stamp.by),
            json!(stamp.policy),
            json!(stamp.id),
        ];
        if arguments.content {
            let said = erased.of(&log, stamp.stream).await?;
            row.push(marked(content(&log, stamp.position).await?, said.as_deref()));
        }
        sheet.row(row)?;
    }
    sealed::explain(global, sheet.sealed());
    sheet.finish(
        &json!({ "from": arguments.from, "to": arguments.to, "length": source.log().length() }),
    )?;
    Ok(())
}

/// What an event says, without its name.
async fn content(log: &event_log::EventLog, position: u64) -> Result<Value, Failure> {
    let Some(recorded) = log.open_event(position).await? else { return Ok(Value::Null) };
    Ok(match plain(&recorded.event) {
        Value::Object(members) => members.into_iter().next().map_or(Value::Null, |(_, data)| data),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => other,
    })
}

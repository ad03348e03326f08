//! `replay at`: a stream's state at a time or position.

use std::fmt;

use chrono::{DateTime, Utc};
use clap::Args;
use domain::{
    access::Access, child::Child, erasure::Erasure, event::Event, fold::Fold,
    investigation::Investigation, organisation::Organisation, policy::Policy,
    practitioner::Practitioner, recorded::Stamp, shield::Shield, stream::Stream,
};
use event_log::{AsOf, EventLog};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    cells::plain,
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::{Format, Sheet, line},
    sealed,
    source::Source,
};

/// As of when. Nothing given: now.
#[derive(Clone, Copy, Debug, Default, Args)]
#[group(multiple = false)]
pub(crate) struct Then {
    /// As recorded up to this instant, inclusive (RFC 3339).
    #[arg(long = "at", value_name = "TIME")]
    time: Option<DateTime<Utc>>,
    /// As recorded up to this position of the log, inclusive.
    #[arg(long, value_name = "N")]
    position: Option<u64>,
}

impl Then {
    /// As the log understands it.
    pub(crate) fn as_of(self) -> AsOf {
        match (self.time, self.position) {
            (Some(time), _) => AsOf::Time(time),
            (None, Some(position)) => AsOf::Position(position),
            (None, None) => AsOf::Now,
        }
    }

    /// Whether an event had happened by then.
    pub(crate) fn reaches(self, stamp: &Stamp) -> bool {
        self.time.is_none_or(|time| stamp.at <= time)
            && self.position.is_none_or(|position| stamp.position <= position)
    }
}

impl fmt::Display for Then {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.time, self.position) {
            (Some(time), _) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%S%.fZ")),
            (None, Some(position)) => write!(f, "position {position}"),
            (None, None) => f.write_str("the end of the log"),
        }
    }
}

/// Streams with a state: policy, organisation-…, practitioner-…, child-…, shield-…, access-…,
/// investigation-…, erasure-…
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The stream, e.g. `shield-5f0c…`.
    stream: Stream,
    #[command(flatten)]
    then: Then,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let Arguments { stream, then } = arguments;
    let history = source.log().history(*stream, then.as_of()).await?;
    let Some(last) = history.last() else {
        global.remark(&format!("{stream} has no event as of {then}"));
        return Ok(Answer::Nothing);
    };
    let events = history.iter().map(|recorded| &recorded.stamp).collect();
    let log = source.opened_for(&events).await?;
    let erased = Erased::default().of(&log, *stream).await?;
    let state = marked(state(&log, *stream, then.as_of()).await?, erased.as_deref());
    if let Some(said) = erased {
        global.remark(&format!("The personal values are gone {said}."));
    }
    sealed::explain(global, sealed::within(&state));
    let about = json!({
        "stream": stream,
        "as_of": then.to_string(),
        "revision": last.stamp.revision,
        "position": last.stamp.position,
    });
    match global.format() {
        Format::Json | Format::Jsonl => {
            line(&json!({ "about": about, "state": state }).to_string())?;
        }
        Format::Table | Format::Csv => {
            let mut sheet = Sheet::new(global.format(), &["what", "value"]);
            for (name, value) in leaves(&state) {
                sheet.row([json!(name), value])?;
            }
            sheet.finish(&about)?;
        }
    }
    global.remark(&format!(
        "{stream} as of {then}: after revision {}, position {}",
        last.stamp.revision, last.stamp.position
    ));
    Ok(Answer::Found)
}

async fn state(log: &EventLog, stream: Stream, as_of: AsOf) -> Result<Value, Failure> {
    match stream {
        Stream::Policy => fold::<Policy>(log, stream, as_of).await,
        Stream::Organisation(_) => fold::<Organisation>(log, stream, as_of).await,
        Stream::Practitioner(_) => fold::<Practitioner>(log, stream, as_of).await,
        Stream::Child(_) => fold::<Child>(log, stream, as_of).await,
        Stream::Shield(_) => fold::<Shield>(log, stream, as_of).await,
        Stream::Access(_) => fold::<Access>(log, stream, as_of).await,
        Stream::Investigation(_) => fold::<Investigation>(log, stream, as_of).await,
        Stream::Erasure(_) => fold::<Erasure>(log, stream, as_of).await,
        Stream::Activity(_) | Stream::Audit(_) | Stream::Key(_) => Err(Failure::Usage(format!(
            "{stream} is a list of what was done and has no state; see `replay log --stream {stream}`"
        ))),
    }
}

async fn fold<S>(log: &EventLog, stream: Stream, as_of: AsOf) -> Result<Value, Failure>
where
    S: Fold + Serialize + Send + Sync + 'static,
    S::Event: TryFrom<Event>,
{
    Ok(plain(&*log.fold_at::<S>(stream, as_of).await?))
}

/// Every value of a document with the path to it.
pub(super) fn leaves(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    walk(String::new(), document, &mut found);
    found
}

fn walk(path: String, value: &Value, found: &mut Vec<(String, Value)>) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                walk(below(name), value, found);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (place, item) in items.iter().enumerate() {
                walk(below(&place.to_string()), item, found);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            found.push((path, value.clone()));
        }
    }
}

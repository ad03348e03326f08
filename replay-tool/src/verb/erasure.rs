//! `replay erasure`: how a subject came to be erased, and the certificate.

mod certificate;

use std::path::PathBuf;

use clap::Args;
use domain::{erasure::Erasure, event::Event, recorded::Recorded, stream::Stream};
use event_log::AsOf;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    cells::{instant, organisation, plain, role, who},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::Sheet,
    sealed,
    source::Source,
};

const COLUMNS: &[&str] = &["position", "at", "who", "role", "organisation", "what", "particulars"];

/// Legal holds, that erasure was due, who proposed and who authorised it, each step, what came too late. A
/// finished erasure is checked against the log's checkpoint: every claim is proven.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The handle of the subject: of a child's record, or of a person.
    #[arg(required_unless_present = "check")]
    subject: Option<Uuid>,
    /// Write the certificate into this folder: as JSON, and as a page to print.
    #[arg(long, value_name = "DIR", conflicts_with = "check")]
    certificate: Option<PathBuf>,
    /// Check a certificate, with nothing else at hand but a policy.
    #[arg(long, value_name = "FILE", requires = "policy")]
    check: Option<PathBuf>,
    /// Whose signatures are believed: a policy file (C2SP tlog-policy), had from elsewhere than the certificate.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    if let (Some(file), Some(policy)) = (&arguments.check, &arguments.policy) {
        return certificate::check(global, file, policy);
    }
    let subject = arguments
        .subject
        .ok_or_else(|| Failure::Usage("whose erasure? Give the handle.".to_owned()))?;
    let source = Source::open(global)?;
    let stream = Stream::Erasure(subject);
    let history = source.log().history(stream, AsOf::Now).await?;
    if history.is_empty() {
        global.remark(&format!("nothing was ever held, due or erased about {subject}"));
        return Ok(Answer::Nothing);
    }
    let log = source.opened_for(&history.iter().map(|recorded| &recorded.stamp).collect()).await?;
    let erased = Erased::default().of(&log, stream).await?;
    let mut sheet = Sheet::new(global.format(), COLUMNS);
    for recorded in log.history(stream, AsOf::Now).await? {
        sheet.row(row(&recorded).into_iter().map(|cell| marked(cell, erased.as_deref())))?;
    }
    sealed::explain(global, sheet.sealed());
    sheet.finish(&json!({ "subject": subject }))?;
    let state = log.fold_at::<Erasure>(stream, AsOf::Now).await?;
    if state.is_erased() {
        certificate::of(global, &source, subject, arguments.certificate.as_deref()).await?;
    } else if let Some(progress) = state.progress() {
        global.remark(&format!("the erasure is not finished; next: {:?}", progress.next_step()));
    } else {
        global.remark(&format!("{} holds are open", state.holds().len()));
    }
    Ok(Answer::Found)
}

fn row(recorded: &Recorded<Event>) -> Vec<Value> {
    let stamp = &recorded.stamp;
    let named = match plain(&recorded.event) {
        Value::Object(members) => members.into_iter().next(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    };
    let (name, particulars) = named.unwrap_or_default();
    vec![
        json!(stamp.position),
        instant(stamp.at),
        who(stamp.by),
        role(stamp.by),
        organisation(stamp.by),
        json!(name),
        particulars,
    ]
}

//! That an auditor fetches entries is recorded before the first bundle of each hour.
//!
//! Reading: a question to the trail (A14), asked of all entries at once. Once an hour and not with each
//! bundle (ours): a copy of the log is thousands of bundles, and whoever follows it would otherwise be kept
//! busy by the record of their own following.

use std::collections::BTreeSet;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use domain::{
    access::{Purpose, ReasonCode},
    audit::{Question, query_trail},
    identity::PractitionerId,
    reason::Text,
    stream::Stream,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    caller::Auditor,
    commands::{recordable, refusal},
    directory::Directory,
    problem::{Problem, kind},
    request::Context,
};

/// The code of the reason that is recorded; it is in the first policy's list.
const REASON: &str = "audit";
const WORDS: &str = "Entries of the log were fetched, to check it as a whole.";

/// Of whom it has been recorded, and in which hour.
#[derive(Debug, Default)]
pub(crate) struct Fetching {
    recorded: Mutex<BTreeSet<(DateTime<Utc>, PractitionerId)>>,
}

impl Fetching {
    /// Records that the auditor fetches entries, unless that was done this hour.
    pub(super) async fn record(
        &self,
        directory: &Directory,
        auditor: &Auditor,
    ) -> Result<(), Problem> {
        let at = directory.clock().now();
        let hour = hour_of(at);
        let mut recorded = self.recorded.lock().await;
        if recorded.contains(&(hour, auditor.id)) {
            return Ok(());
        }
        let what = format!("entries {hour}");
        let context = Context {
            command: Uuid::new_v5(&auditor.id.uuid(), what.as_bytes()),
            // Recorded before the service was restarted: then it is found.
            repeatable: true,
            at,
            by: auditor.actor(),
            correlation: None,
            digest: directory.digest(&[what.as_bytes()]),
            wait: None,
        };
        ask(directory, auditor.id, &context).await?;
        recorded.retain(|(earlier, _)| *earlier == hour);
        recorded.insert((hour, auditor.id));
        Ok(())
    }
}

fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = at.timestamp().rem_euclid(3_600);
    at.checked_sub_signed(TimeDelta::seconds(seconds)).unwrap_or(at).trunc_subsecs(0)
}

async fn ask(
    directory: &Directory,
    auditor: PractitionerId,
    context: &Context,
) -> Result<(), Problem> {
    let internal = || Problem::new(&kind::INTERNAL);
    let text = Text::try_from(WORDS).map_err(|_| internal())?;
    let command = query_trail::QueryTrail {
        at: context.at,
        question: Question::Entries,
        about: Vec::new(),
        within: None,
        events: Vec::new(),
        purpose: Purpose {
            code: ReasonCode::try_from(REASON.to_owned()).map_err(|_| internal())?,
            text: text.into(),
        },
    };
    let outcome = directory
        .handle(context, Stream::Audit(auditor), async |view| {
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let owners = query_trail::Owners::new();
            recordable(query_trail::decide(&owners, &policy, &asker.caller(), &command))
        })
        .await?;
    refusal(&outcome.recorded)
}

//! The one way through: load, decide, append; when something moved meanwhile, decide again.
//!
//! Nothing is disclosed before what records it is durable: a handler gets its events back as they
//! stand in the log, and builds its answer from those.

use std::num::NonZeroU32;

use domain::{
    access::{self, Look},
    event::Event,
    policy::{Policy, PolicyVersion},
    recorded::Recorded,
    stream::Stream,
};
use event_log::{
    Commit, CommitError, append::AppendError, event_log::SubjectError, transparency::Receipt,
};

use super::{Directory, View, failure};
use crate::{
    commands::stored_name,
    erasure::late,
    problem::{Problem, kind},
    request::Context,
};

/// How often a decision is taken before the caller is told that others were always faster.
const MOST_TRIES: NonZeroU32 = NonZeroU32::new(16).unwrap();

/// What came of a request.
#[derive(Debug)]
pub struct Outcome {
    /// The events as they stand in the log. Empty when there was nothing to do.
    pub recorded: Vec<Recorded<Event>>,
    /// Whether they stood there before, because the same request came earlier.
    pub repeated: bool,
    /// The receipts of the events, if the caller waited for them and they came in time.
    pub receipts: Option<Vec<Receipt>>,
}

impl Directory {
    /// Carries out a request that writes to one stream: folds what it rests on, decides, appends.
    ///
    /// `decide` may be called several times; what it reads through its [`View`] becomes what the
    /// decision relied on, and must not have moved when the events are written. A request that comes
    /// again under its Idempotency-Key is not decided again: its events are found.
    ///
    /// # Errors
    /// Whatever `decide` refuses with; 409 and 422 about the Idempotency-Key; 503 when nothing can be
    /// recorded, and then nothing was.
    pub async fn handle(
        &self,
        context: &Context,
        stream: Stream,
        decide: impl AsyncFn(&View) -> Result<Vec<Event>, Problem>,
    ) -> Result<Outcome, Problem> {
        let (recorded, repeated) = self.recorded(context, stream, decide).await?;
        let receipts = self.receipts_in_time(context.wait, &recorded).await;
        Ok(Outcome { recorded, repeated, receipts })
    }

    /// The events of a request, and whether they stood there before.
    async fn recorded(
        &self,
        context: &Context,
        stream: Stream,
        decide: impl AsyncFn(&View) -> Result<Vec<Event>, Problem>,
    ) -> Result<(Vec<Recorded<Event>>, bool), Problem> {
        let _working = context
            .repeatable
            .then(|| self.in_flight.begin(context.command))
            .transpose()
            .map_err(|_| Problem::new(&kind::IN_FLIGHT))?;
        for _ in 0..MOST_TRIES.get() {
            let view = View::new(&self.log, context);
            if let Some(recorded) = self.earlier(context, stream, &view).await? {
                return Ok((recorded, true));
            }
            let events = decide(&view).await?;
            if events.is_empty() {
                return Ok((Vec::new(), false));
            }
            let first = events.first().map(stored_name).unwrap_or_default();
            match self.append(context, stream, view, events).await {
                Ok(recorded) => {
                    self.recording.succeeded();
                    return Ok((recorded, false));
                }
                Err(CommitError::Erased(subject)) => {
                    self.too_late(context, subject, (stream, &first)).await?;
                    return Err(Problem::not_found());
                }
                Err(error) if error.is_outdated() => {}
                // Only a store that checks guards after the write: what stands there was not released.
                Err(CommitError::Append(AppendError::GuardMoved { written: Some(_), .. })) => {
                    self.withhold(context, stream).await?;
                    return Err(Problem::new(&kind::TOO_MUCH_MOVEMENT));
                }
                Err(error) => {
                    self.recording.failed(&error);
                    return Err(failure::writing(error));
                }
            }
        }
        Err(Problem::new(&kind::TOO_MUCH_MOVEMENT))
    }

    /// Records that something came for somebody who has been erased.
    async fn too_late(
        &self,
        context: &Context,
        subject: uuid::Uuid,
        what: (Stream, &str),
    ) -> Result<(), Problem> {
        let policy = self.log.reading().fold::<Policy>(Stream::Policy).await;
        let policy = policy.map_err(failure::reading)?.on(context.at.date_naive()).0;
        let context = recorded_with(context, policy);
        late::record(&self.log, subject, what, context).await.map_err(failure::writing)
    }

    /// Records of what was written and not released that it was not.
    async fn withhold(&self, context: &Context, stream: Stream) -> Result<(), Problem> {
        let written =
            self.log.written_by(context.command, stream).await.map_err(failure::reading)?;
        let disclosures: Vec<Event> = written
            .iter()
            .filter(|recorded| discloses(&recorded.event))
            .map(|recorded| {
                let disclosure = recorded.stamp.id;
                Event::Access(access::Event::DisclosureWithheld { disclosure })
            })
            .collect();
        if disclosures.is_empty() {
            return Ok(());
        }
        let command = uuid::Uuid::new_v5(&context.command, b"withheld");
        let withheld = Context { command, ..*context };
        // Others look at the same record meanwhile. It rests on nothing, so it is only sent again.
        for _ in 0..MOST_TRIES.get() {
            let view = View::new(&self.log, &withheld);
            match self.append(&withheld, stream, view, disclosures.clone()).await {
                Err(error) if error.is_outdated() => {}
                done => return done.map(drop).map_err(failure::writing),
            }
        }
        Err(Problem::new(&kind::TOO_MUCH_MOVEMENT))
    }

    async fn append(
        &self,
        context: &Context,
        stream: Stream,
        view: View,
        events: Vec<Event>,
    ) -> Result<Vec<Recorded<Event>>, CommitError> {
        let context = recorded_with(context, view.judged_under());
        let commit = |reading| Commit { stream, events: events.clone(), reading, context };
        let reading = view.into_reading();
        // An erasure is about somebody who is known, or nobody; and it goes on when the key is gone.
        let to_be_known = stream.subject().filter(|_| !matches!(stream, Stream::Erasure(_)));
        let Some(subject) = to_be_known else { return self.log.commit(commit(reading)).await };
        self.make_known(subject, context).await?;
        self.log.commit(commit(reading)).await
    }

    /// Nothing personal can be recorded about a subject that has no key. The event that says that
    /// the key was made has the identity of a command of its own, so that it is made once.
    async fn make_known(
        &self,
        subject: uuid::Uuid,
        context: event_log::Context,
    ) -> Result<(), CommitError> {
        let command = uuid::Uuid::new_v5(&subject, b"subject-key");
        let context = event_log::Context { command, request_digest: None, ..context };
        match self.log.create_subject(subject, context).await {
            Ok(()) => Ok(()),
            Err(SubjectError::Erased(subject)) => Err(CommitError::Erased(subject)),
            Err(SubjectError::KeyLost(subject)) => Err(CommitError::NoKey(subject)),
            Err(SubjectError::Keyring(error)) => Err(CommitError::Keyring(error)),
            Err(SubjectError::Read(error)) => Err(CommitError::Read(error)),
            Err(SubjectError::Commit(error)) => Err(error),
        }
    }

    /// What the same request wrote when it came earlier, or to another server meanwhile.
    async fn earlier(
        &self,
        context: &Context,
        stream: Stream,
        view: &View,
    ) -> Result<Option<Vec<Recorded<Event>>>, Problem> {
        if !context.repeatable {
            return Ok(None);
        }
        let recorded = view.written_by(context.command, stream).await?;
        let Some(first) = recorded.first() else { return Ok(None) };
        let header = self.log.header_at(first.stamp.position).await.map_err(failure::reading)?;
        if header.and_then(|header| header.request) == Some(context.digest) {
            Ok(Some(recorded))
        } else {
            Err(Problem::new(&kind::KEY_REUSED))
        }
    }
}

/// The circumstances of a request, as the log records them.
fn recorded_with(context: &Context, policy: PolicyVersion) -> event_log::Context {
    event_log::Context {
        command: context.command,
        at: context.at,
        by: context.by,
        policy,
        correlation: context.correlation,
        causation: None,
        request_digest: Some(context.digest),
    }
}

/// Whether an event of an access stream says that something of a record was shown.
const fn discloses(event: &Event) -> bool {
    let Event::Access(event) = event else { return false };
    match event.look() {
        Some(
            Look::Opened { .. }
            | Look::Overrode { .. }
            | Look::Copied { .. }
            | Look::Brokered { .. },
        ) => true,
        Some(Look::Refused { .. }) | None => false,
    }
}

//! History told through the rules: what people did, each deed decided as it would be over HTTP.
//!
//! The demonstration and the made-up England come into the log this way and no other. A deed that the
//! rules refuse stops the telling, so a history that is in the log is one that could have happened.
//! The identity of each deed follows from its place in the telling: told again, it is known and left
//! out, which is how a telling that was interrupted goes on.

mod child;
mod load;
mod look;
mod organisation;
mod shielding;
mod staff;

use std::cell::RefCell;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::UnusableReasonCode,
    actor::{Actor, Role},
    caller::Caller,
    event::Event,
    policy::{Policy, PolicyVersion},
    reason::UnusableText,
    recorded::Recorded,
    stream::Stream,
};
use event_log::event_log::SubjectError;
use uuid::Uuid;

use crate::{
    directory::{Asker, Directory, View},
    problem::{Problem, kind},
    request::Context,
};

pub(crate) use self::{
    child::Record,
    load::Load,
    look::Search,
    organisation::Publicity,
    shielding::{Decision, Request},
    staff::Person,
};

/// Why a telling stopped.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// The rules refuse the deed: the history could not have happened.
    #[error("the rules refuse a deed in {stream} at {at}")]
    Refused {
        /// Where it was to be recorded.
        stream: Stream,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The directory could not carry it out.
    #[error("the directory could not record a deed in {stream} at {at}: {problem:?}")]
    Failed {
        /// Where it was to be recorded.
        stream: Stream,
        /// When.
        at: DateTime<Utc>,
        /// What the directory said.
        problem: Problem,
    },
    /// A deed came out otherwise than the history has it.
    #[error("{0} came out otherwise than told")]
    Otherwise(&'static str),
    /// What is compared with could not be searched.
    #[error("it could not be searched for records like it")]
    Search(#[from] projections::read_models::search::SearchError),
    /// A subject cannot be made known.
    #[error("a key cannot be made")]
    Subject(#[from] SubjectError),
}

impl From<UnusableText> for Halt {
    fn from(_: UnusableText) -> Self {
        Self::Otherwise("a text")
    }
}

impl From<UnusableReasonCode> for Halt {
    fn from(_: UnusableReasonCode) -> Self {
        Self::Otherwise("a reason code")
    }
}

/// A line of deeds, one after another: each has an identity that follows from the line's name, and a
/// time a little after the one before.
#[derive(Clone, Debug)]
pub(crate) struct Line<'d> {
    directory: &'d Directory,
    name: Uuid,
    deeds: u32,
    at: DateTime<Utc>,
    by: Actor,
    perhaps_told: bool,
}

/// So many seconds lie between one deed and the next.
const PACE: i64 = 20;

impl<'d> Line<'d> {
    /// A line that nobody has told.
    pub(crate) const fn new(directory: &'d Directory, name: Uuid, at: DateTime<Utc>) -> Self {
        Self { directory, name, deeds: 0, at, by: Actor::SYSTEM, perhaps_told: false }
    }

    /// A line that may have been told before, or a part of it: each deed is looked for first.
    pub(crate) const fn perhaps_told(mut self, perhaps_told: bool) -> Self {
        self.perhaps_told = perhaps_told;
        self
    }

    /// What follows is done by this person.
    pub(crate) const fn by(&mut self, actor: Actor) -> &mut Self {
        self.by = actor;
        self
    }

    /// What follows happens from this instant on.
    pub(crate) const fn at(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.at = at;
        self
    }

    /// So much time passes.
    pub(crate) fn later(&mut self, seconds: i64) -> &mut Self {
        self.at = self.at.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(self.at);
        self
    }

    /// The instant of the next deed.
    pub(crate) const fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// Who acts.
    pub(crate) const fn actor(&self) -> Actor {
        self.by
    }

    /// The directory that it is told to.
    pub(crate) const fn directory(&self) -> &'d Directory {
        self.directory
    }

    /// A handle that follows from the line and a word.
    pub(crate) fn handle(&self, word: &str) -> Uuid {
        Uuid::new_v5(&self.name, word.as_bytes())
    }

    /// Makes subjects known, many at once. Whoever is not known is made so by the first deed about
    /// them, one at a time.
    pub(crate) async fn introduce(&self, subjects: &[Uuid]) -> Result<(), Halt> {
        let context = |subject: Uuid| event_log::Context {
            command: Uuid::new_v5(&subject, b"subject-key"),
            at: self.at,
            by: self.by,
            policy: PolicyVersion::default(),
            correlation: None,
            causation: None,
            request_digest: None,
        };
        Ok(self.directory.log().create_subjects(subjects, context).await?)
    }

    /// The circumstances of the next deed.
    pub(crate) fn next(&mut self) -> Context {
        let command = self.handle(&self.deeds.to_string());
        let at = self.at;
        self.deeds = self.deeds.saturating_add(1);
        self.later(PACE);
        Context {
            command,
            repeatable: self.perhaps_told,
            at,
            by: self.by,
            correlation: None,
            digest: self.directory.digest(&[command.as_bytes()]),
            wait: None,
        }
    }

    /// The next deed: loads what it is about, decides, records. Answers what was recorded.
    pub(crate) async fn decide<L, E, R>(
        &mut self,
        stream: Stream,
        about: L::About,
        decide: impl Fn(&L, &Policy, &Caller<'_>, DateTime<Utc>) -> Result<Vec<E>, R>,
    ) -> Result<Vec<Recorded<Event>>, Halt>
    where
        L: Load,
        E: Into<Event>,
        R: std::error::Error + Send + Sync + 'static,
    {
        let context = self.next();
        let at = context.at;
        let refused = RefCell::new(None);
        let outcome = self
            .directory
            .handle(&context, stream, async |view| {
                let policy = view.policy().await?;
                let present = Present::of(self.by, view).await?;
                let loaded = L::load(view, &about).await?;
                match decide(&loaded, &policy, &present.caller(), at) {
                    Ok(events) => Ok(events.into_iter().map(Into::into).collect()),
                    Err(cause) => {
                        refused.replace(Some(cause));
                        Err(Problem::new(&kind::INTERNAL))
                    }
                }
            })
            .await;
        match (outcome, refused.into_inner()) {
            (Ok(outcome), _) => Ok(outcome.recorded),
            (Err(_), Some(cause)) => Err(Halt::Refused { stream, at, cause: Box::new(cause) }),
            (Err(problem), None) => Err(Halt::Failed { stream, at, problem }),
        }
    }
}

/// Whoever acts, with what their own streams say of them.
enum Present {
    System,
    Somebody(Asker),
}

impl Present {
    async fn of(actor: Actor, view: &View) -> Result<Self, Problem> {
        match actor.role {
            Role::System => Ok(Self::System),
            Role::Practitioner
            | Role::ManagementTeam
            | Role::Trainer
            | Role::Official
            | Role::Auditor => Ok(Self::Somebody(view.asker().await?)),
        }
    }

    fn caller(&self) -> Caller<'_> {
        match self {
            Self::System => Caller::system(),
            Self::Somebody(asker) => asker.caller(),
        }
    }
}

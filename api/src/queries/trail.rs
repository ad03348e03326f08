//! Asking the trail: recorded first, then answered for one position.

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use domain::{
    audit::{Question, Within, query_trail},
    child::Child,
    identity::{ChildRef, EventId, OrganisationId, PractitionerId},
    investigation::Investigation,
    practitioner::Practitioner,
    stream::Stream,
};
use event_log::AsOf;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    commands::{recordable, refusal},
    directory::{Directory, View},
    problem::Problem,
    request::{Because, Context, GivenReason, Moment},
};

/// What is asked, about what.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) about: Vec<Stream>,
    pub(super) within: Option<Within>,
    pub(super) events: Vec<EventId>,
    pub(super) reason: GivenReason,
}

impl Asked {
    /// A question about one stream.
    pub(super) fn about(question: Question, stream: Stream, because: Because) -> Self {
        let about = vec![stream];
        Self { question, about, within: None, events: Vec::new(), reason: because.reason }
    }
}

/// For which moment an answer speaks.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct Spoken {
    /// The log was read up to this position.
    position: u64,
    /// The instant that was asked about.
    time: DateTime<Utc>,
    /// The same, as the log is asked.
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) as_of: Reach,
}

/// How far back an answer looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach(pub(super) AsOf);

impl Spoken {
    /// The instant that was asked about.
    pub(super) const fn time(&self) -> DateTime<Utc> {
        self.time
    }

    /// Whether an event at this position and instant belongs into the answer.
    pub(super) fn reaches(&self, position: u64, at: DateTime<Utc>) -> bool {
        position <= self.position && at <= self.time
    }
}

/// Where the record of a question stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) position: u64,
    pub(super) at: DateTime<Utc>,
    /// Whether the same request may come again, and must then be answered the same.
    pub(super) repeatable: bool,
}

/// Records that the trail is asked. Only then may it answer.
pub(super) async fn note(
    directory: &Directory,
    context: &Context,
    asker: PractitionerId,
    wanted: Asked,
) -> Result<Noted, Problem> {
    let command = query_trail::QueryTrail {
        at: context.at,
        question: wanted.question,
        about: wanted.about,
        within: wanted.within,
        events: wanted.events,
        purpose: wanted.reason.into(),
    };
    let outcome = directory
        .handle(context, Stream::Audit(asker), async |view| {
            let mut owners = query_trail::Owners::new();
            for stream in &command.about {
                owners.insert(owner(view, *stream).await?);
            }
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            recordable(query_trail::decide(&owners, &policy, &asker.caller(), &command))
        })
        .await?;
    refusal(&outcome.recorded)?;
    let recorded = outcome.recorded.first().map(|first| (first.stamp.position, first.stamp.at));
    let (position, at) = recorded.unwrap_or((0, context.at));
    Ok(Noted { position, at, repeatable: context.repeatable })
}

/// Records that the trail was asked, and says for which moment it may now be answered.
pub(super) async fn ask(
    directory: &Directory,
    context: &Context,
    asker: PractitionerId,
    (wanted, moment): (Asked, Moment),
) -> Result<Spoken, Problem> {
    let Noted { position, at, .. } = note(directory, context, asker, wanted).await?;
    spoken(directory, moment, (position, at)).await
}

/// For which moment an answer speaks, given up to where the log was read.
pub(super) async fn spoken(
    directory: &Directory,
    moment: Moment,
    (position, at): (u64, DateTime<Utc>),
) -> Result<Spoken, Problem> {
    Ok(match moment {
        Moment::Now => Spoken { position, time: at, as_of: Reach(AsOf::Position(position)) },
        Moment::Time(time) => Spoken { position, time, as_of: Reach(AsOf::Time(time)) },
        Moment::Position(asked) => {
            let position = asked.min(position);
            let time = directory.time_at(position).await?.unwrap_or(at);
            Spoken { position, time, as_of: Reach(AsOf::Position(position)) }
        }
    })
}

/// To whom a stream belongs: for a child's, the responsible authority; for a person's, the
/// organisation that nominated them.
async fn owner(view: &View, stream: Stream) -> Result<Option<OrganisationId>, Problem> {
    Ok(match stream {
        Stream::Child(child) | Stream::Shield(child) | Stream::Access(child) => {
            view.fold::<Child>(Stream::Child(child)).await?.responsible_authority()
        }
        Stream::Practitioner(person) | Stream::Activity(person) | Stream::Audit(person) => {
            employer(view, person).await?
        }
        Stream::Organisation(organisation) => Some(organisation),
        Stream::Investigation(investigation) => {
            let state = view.fold::<Investigation>(Stream::Investigation(investigation)).await?;
            match state.assigned() {
                Some(assigned) => employer(view, assigned.subject).await?,
                None => None,
            }
        }
        Stream::Erasure(subject) => {
            let record = view.fold::<Child>(Stream::Child(ChildRef::new(subject))).await?;
            match record.responsible_authority() {
                Some(authority) => Some(authority),
                None => employer(view, PractitionerId::new(subject)).await?,
            }
        }
        Stream::Policy | Stream::Key(_) => None,
    })
}

async fn employer(view: &View, person: PractitionerId) -> Result<Option<OrganisationId>, Problem> {
    let standing = view.fold::<Practitioner>(Stream::Practitioner(person)).await?;
    Ok(standing.nomination().map(|by| by.organisation))
}

/// An answer with the moment that it speaks for.
pub(super) fn answer(spoken: &Spoken, data: impl Serialize) -> Result<HttpResponse, Problem> {
    let data = serde_json::to_value(data);
    Ok(say(spoken, data.map_err(|_| Problem::new(&crate::problem::kind::INTERNAL))?))
}

/// The same of what need not be copied first.
pub(super) fn say(spoken: &Spoken, data: Value) -> HttpResponse {
    HttpResponse::Ok().json(Answered { as_of: spoken, data: told(data) })
}

#[derive(Serialize)]
struct Answered<'a> {
    as_of: &'a Spoken,
    data: Value,
}

/// Personal values as they are told: the value itself, or that it was erased.
fn told(value: Value) -> Value {
    match value {
        Value::Object(mut members) if members.len() == 1 => {
            if let Some(known) = members.remove("$personal") {
                told(known)
            } else if members.remove("$erased").is_some() {
                json!({"erased": true})
            } else {
                Value::Object(each(members))
            }
        }
        Value::Object(members) => Value::Object(each(members)),
        Value::Array(values) => Value::Array(values.into_iter().map(told).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn each(members: Map<String, Value>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name, told(value))).collect()
}

//! The record of a child.

mod details;
mod keeping;
mod people;
mod responsibility;

use std::collections::BTreeSet;

use domain::{
    activity::Terms,
    caller::Caller,
    child::{
        Child, ChildNumber, DateOfBirth, Detail, Event, Gender, Name, Whereabouts, nearly_matches,
    },
    identity::ChildRef,
    policy::Policy,
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Answer, Receipt};
use crate::{
    directory::{Directory, Outcome},
    problem::{Problem, kind},
    request::{Context, ExpectedRevision},
};

/// Adds every command about records.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    details::configure(service);
    keeping::configure(service);
    people::configure(service);
    responsibility::configure(service);
}

/// One basic detail with its value.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GivenDetail {
    /// The name in use.
    Name(Name),
    /// A former name.
    FormerName(Name),
    /// Gender, or that it is not specified.
    Gender(Gender),
    /// Date of birth.
    DateOfBirth(DateOfBirth),
    /// Where the child is, or why that is not known.
    Whereabouts(Whereabouts),
}

impl From<GivenDetail> for Detail {
    fn from(given: GivenDetail) -> Self {
        match given {
            GivenDetail::Name(name) => Self::Name(name.into()),
            GivenDetail::FormerName(name) => Self::FormerName(name.into()),
            GivenDetail::Gender(gender) => Self::Gender(gender.into()),
            GivenDetail::DateOfBirth(born) => Self::DateOfBirth(born.into()),
            GivenDetail::Whereabouts(whereabouts) => Self::Whereabouts(whereabouts.into()),
        }
    }
}

/// A record was created, and whether anybody may see it yet is not said.
#[derive(Serialize, ToSchema)]
struct NewRecord {
    /// The handle of the record.
    id: Uuid,
    /// When it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<chrono::DateTime<chrono::Utc>>,
}

impl NewRecord {
    fn of(outcome: &Outcome, child: ChildRef) -> Self {
        Self { id: child.uuid(), at: outcome.recorded.first().map(|first| first.stamp.at) }
    }
}

/// A decision that rests on the record alone.
async fn decided<R>(
    directory: &Directory,
    context: &Context,
    child: ChildRef,
    decide: impl Fn(&Child, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Child(child), async |view| {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&record, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// A change of what the record says, by somebody who must have read what they change.
async fn changed<R>(
    directory: &Directory,
    (context, expected): (&Context, Option<ExpectedRevision>),
    child: ChildRef,
    decide: impl Fn(&Child, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Child(child), async |view| {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&record, &policy, &asker.caller())?;
            view.demand(child, expected)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}

/// Records that a new one nearly matches: of those born on the same day, the ones with such a name.
/// Hidden fields are compared, too; so the answer goes into the decision and nowhere else.
async fn near_matches(
    directory: &Directory,
    name: &Name,
    born: DateOfBirth,
) -> Result<BTreeSet<ChildRef>, Problem> {
    let mut matches = BTreeSet::new();
    for child in directory.candidates(&born_on(born), usize::MAX).await?.children {
        let existing = directory.state::<Child>(Stream::Child(child)).await?;
        if nearly_matches(name, born, &existing) {
            matches.insert(child);
        }
    }
    Ok(matches)
}

fn born_on(born: DateOfBirth) -> Terms {
    Terms { date_of_birth: Some(born.expose()), ..Terms::default() }
}

/// How many numbers are tried before giving up. Of 10^11 numbers, eleven million are taken at most.
const MOST_NUMBERS: u8 = 16;

/// A number that no record has: chosen from the identity of the command, so that a number says
/// nothing about when or where a record was made.
async fn free_number(directory: &Directory, context: &Context) -> Result<ChildNumber, Problem> {
    for attempt in 0..MOST_NUMBERS {
        let (serial, _) = context.choose(&format!("number {attempt}")).as_u64_pair();
        let number = ChildNumber::from_serial(serial);
        let terms = Terms { number: Some(number.expose().to_owned()), ..Terms::default() };
        if directory.candidates(&terms, 1).await?.children.is_empty() {
            return Ok(number);
        }
    }
    Err(Problem::new(&kind::TOO_MUCH_MOVEMENT))
}

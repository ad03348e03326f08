//! The set-up of a new directory, by the system: the department is registered, and its first official
//! appointed. From then on everything is done by people.

use domain::{
    actor::Actor,
    caller::Caller,
    identity::{OrganisationId, PractitionerId},
    organisation::{Organisation, OrganisationKind, register},
    practitioner::{Office, Practitioner, appoint_to_department},
    reason::Text,
    stream::Stream,
};
use uuid::Uuid;

use crate::{directory::Directory, problem::Problem, request::Context};

/// Registers the department and appoints its first official. Done again, it changes nothing: the
/// commands have identities that follow from the handle of the official.
///
/// # Errors
/// 409 when the department is registered already, by another set-up.
pub async fn set_up(
    directory: &Directory,
    official: PractitionerId,
    name: Text,
) -> Result<(), Problem> {
    register_department(directory, official).await?;
    appoint(directory, official, name).await
}

async fn register_department(
    directory: &Directory,
    official: PractitionerId,
) -> Result<(), Problem> {
    let context = by_the_system(directory, official, "department");
    let command = register::Register {
        at: context.at,
        organisation: OrganisationId::DEPARTMENT,
        kind: OrganisationKind::Department,
        name: "Department for Children, Schools and Families".to_owned(),
    };
    let stream = Stream::Organisation(OrganisationId::DEPARTMENT);
    directory
        .handle(&context, stream, async |view| {
            let state = view.fold::<Organisation>(stream).await?;
            let policy = view.policy().await?;
            let events = register::decide(&state, &policy, &Caller::system(), &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(())
}

async fn appoint(
    directory: &Directory,
    official: PractitionerId,
    name: Text,
) -> Result<(), Problem> {
    let context = by_the_system(directory, official, "official");
    let command = appoint_to_department::AppointToDepartment {
        at: context.at,
        practitioner: official,
        office: Office::Official,
        name: name.into(),
    };
    let stream = Stream::Practitioner(official);
    directory
        .handle(&context, stream, async |view| {
            let state = view.fold::<Practitioner>(stream).await?;
            let policy = view.policy().await?;
            let events =
                appoint_to_department::decide(&state, &policy, &Caller::system(), &command)?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await?;
    Ok(())
}

fn by_the_system(directory: &Directory, official: PractitionerId, what: &str) -> Context {
    let command = Uuid::new_v5(&official.uuid(), what.as_bytes());
    Context {
        command,
        repeatable: true,
        at: directory.clock().now(),
        by: Actor::SYSTEM,
        correlation: None,
        digest: directory.digest(&[b"set-up", command.as_bytes()]),
        wait: None,
    }
}

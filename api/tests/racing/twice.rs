//! The same request at two servers at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use api::{
    configuration::ClockKind,
    directory::{Directory, Outcome},
    problem::Problem,
    request::Context,
};
use domain::{
    access::{self, Purpose, ReasonCode, open_record},
    actor::{Actor, Role},
    child::Child,
    event::Event,
    identity::{ChildRef, OpeningId, OrganisationId, PractitionerId},
    shield::Shield,
    stream::Stream,
};
use event_log::{EventLog, memory::Memory};
use uuid::Uuid;

use crate::world::World;

/// Opens a record at one server; after each decision something else comes about first.
pub(crate) async fn open(
    directory: &Directory,
    (context, child): (&Context, ChildRef),
    meanwhile: impl AsyncFn(),
) -> Result<Outcome, Problem> {
    let purpose = Purpose {
        code: ReasonCode::try_from("assessment".to_owned()).unwrap(),
        text: domain::reason::Text::try_from("Twice.").unwrap().into(),
    };
    let opening = OpeningId::new(context.choose("opening"));
    let command = open_record::OpenRecord { at: context.at, opening, purpose };
    directory
        .handle(context, Stream::Access(child), async |view| {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            let shield = view.fold::<Shield>(Stream::Shield(child)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            meanwhile().await;
            let decided = open_record::decide(&record, &shield, &policy, &asker.caller(), &command);
            Ok(decided.events.into_iter().map(Event::from).collect())
        })
        .await
}

/// Each server looks whether the request came before, finds that it did not, and decides. Only one writes;
/// the other finds what stands there.
#[tokio::test]
async fn a_request_that_two_servers_decide_at_once_is_carried_out_once() {
    let memory = Arc::new(Memory::new());
    let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
    let world = World::over(log.clone(), memory).await;
    let authority = world.authority("Leeds").await;
    let child = ChildRef::new(world.child_named(&authority, "Child", "Twice").await);
    let other = Directory::over(log, ClockKind::System).await.unwrap();
    let who = PractitionerId::new(authority.user.id);
    let by = Actor::person(who, Role::Practitioner, OrganisationId::new(authority.id));
    let context = Context {
        command: Uuid::now_v7(),
        repeatable: true,
        at: world.directory.clock().now(),
        by,
        correlation: None,
        digest: [7; 32],
        wait: None,
    };
    // Looked at once before: of a stream without events nothing else could be wrong.
    let before = Context { command: Uuid::now_v7(), ..context };
    open(&other, (&before, child), async || {}).await.unwrap();

    let decisions = AtomicUsize::new(0);
    let ours = open(&world.directory, (&context, child), async || {
        if decisions.fetch_add(1, Ordering::Relaxed) == 0 {
            let theirs = open(&other, (&context, child), async || {}).await.unwrap();
            assert!(!theirs.repeated && theirs.recorded.len() == 1);
        }
    })
    .await
    .unwrap();
    assert!(ours.repeated);
    assert_eq!(decisions.into_inner(), 1, "what stands there is not decided again");
    let looks = world.log.history(Stream::Access(child), event_log::AsOf::Now).await.unwrap();
    let openings: Vec<_> = looks
        .iter()
        .filter(|one| matches!(one.event, Event::Access(access::Event::RecordOpened { .. })))
        .collect();
    assert_eq!(openings.len(), 2, "{openings:?}");
    assert_eq!(ours.recorded, [openings[1].clone()]);
}

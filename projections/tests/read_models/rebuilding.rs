//! Builds beside builds: compared, switched, kept, dropped, taken up again.

use projections::{
    known::Known,
    oversight::{Oversight, OversightError},
    projector::{Settings, Step},
    read_models::Organisations,
    reader::{QueryError, Reader},
    store::{Build, Stage},
};

use crate::{Place, world::World};

fn build(number: u32) -> Build {
    Build { name: "organisations".to_owned(), version: 1, number }
}

fn known() -> Known {
    Known::none().and::<Organisations>()
}

fn small() -> Settings {
    Settings { following: 40, building: 40, ..Settings::default() }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_rebuild_is_built_beside_compared_switched_and_the_old_one_kept() {
    let mut world = World::in_log(crate::logs::fresh().await, 4).await;
    world.happen(300).await;
    let place = Place::new();
    let mut projector = place.projector_of(&world.log, known(), small());
    projector.catch_up().await.unwrap();
    let oversight = Oversight::of(&projector);
    let reader = Reader::<Organisations>::new(place.store.clone(), &world.log);

    let second = oversight.rebuild("organisations").await.unwrap();
    assert_eq!(second, build(2));
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(40));
    let early = oversight.switch(&second).await;
    assert!(matches!(early, Err(OversightError::NotBuilt { next: 40, .. })), "{early:?}");

    // While it is built the first one serves, and is not left behind.
    let before = world.log.length();
    world.happen(30).await;
    let new = world.log.length() - before;
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(new));
    assert_eq!(reader.ask(Vec::new()).await.unwrap().build, build(1));
    assert_eq!(reader.ask(Vec::new()).await.unwrap().behind, 0);

    // Another process takes the rebuild up where it was left.
    drop(projector);
    let mut projector = place.projector_of(&world.log, known(), small());
    let oversight = Oversight::of(&projector);
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(40));
    let status = projector.status().borrow().clone();
    let built = status.builds.iter().find(|it| it.build == second).unwrap();
    assert_eq!((built.next, built.stage), (80, Stage::Building));
    projector.catch_up().await.unwrap();

    let comparison = oversight.compare(&second).await.unwrap();
    assert!(comparison.same(), "{comparison:?}");
    assert_eq!((comparison.different, comparison.one.documents), (0, 3));
    oversight.switch(&second).await.unwrap();
    assert_eq!(reader.ask(Vec::new()).await.unwrap().build, second);
    let refused = oversight.drop_build(&second).await;
    assert!(matches!(refused, Err(OversightError::Serves(_))), "{refused:?}");

    // The old one is followed on, so going back loses nothing.
    world.happen(30).await;
    projector.catch_up().await.unwrap();
    oversight.switch(&build(1)).await.unwrap();
    let back = reader.ask(Vec::new()).await.unwrap();
    assert_eq!((back.build, back.behind), (build(1), 0));
    oversight.drop_build(&second).await.unwrap();
    assert_eq!(oversight.list().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_difference_is_found_and_named() {
    let mut world = World::in_log(crate::logs::fresh().await, 8).await;
    world.happen(200).await;
    let place = Place::new();
    let mut projector = place.projector_of(&world.log, known(), small());
    projector.catch_up().await.unwrap();
    let oversight = Oversight::of(&projector);
    let second = oversight.rebuild("organisations").await.unwrap();
    projector.catch_up().await.unwrap();
    assert!(oversight.compare(&second).await.unwrap().same());
    // Somebody tampers with the file.
    let file = rusqlite::Connection::open(place.dir.path().join("read-models.sqlite")).unwrap();
    let changed = file
        .execute(
            "UPDATE build_2 SET value = x'7b7d' WHERE key = (SELECT min(key) FROM build_2)",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    let comparison = oversight.compare(&second).await.unwrap();
    assert!(!comparison.same());
    assert_eq!((comparison.different, comparison.keys.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_rebuild_is_cancelled_by_dropping_it() {
    let mut world = World::in_log(crate::logs::fresh().await, 6).await;
    world.happen(200).await;
    let place = Place::new();
    let mut projector = place.projector_of(&world.log, known(), small());
    projector.catch_up().await.unwrap();
    let oversight = Oversight::of(&projector);
    let second = oversight.rebuild("organisations").await.unwrap();
    assert_eq!(projector.step().await.unwrap(), Step::TookIn(40));
    oversight.drop_build(&second).await.unwrap();
    projector.catch_up().await.unwrap();
    let listed = oversight.list().await.unwrap();
    assert_eq!(listed.into_iter().map(|it| it.build).collect::<Vec<_>>(), [build(1)]);
    let unknown = oversight.rebuild("horoscopes").await;
    assert!(matches!(unknown, Err(OversightError::Unknown { .. })), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn before_it_is_built_a_read_model_says_so() {
    let mut world = World::in_log(crate::logs::fresh().await, 6).await;
    world.happen(100).await;
    let head = world.log.length();
    let place = Place::new();
    let reader = Reader::<Organisations>::new(place.store.clone(), &world.log);
    let mut projector = place.projector_of(&world.log, known(), small());
    projector.step().await.unwrap();
    let early = reader.ask(Vec::new()).await;
    assert!(
        matches!(early, Err(QueryError::NotBuilt { next: 40, head: h, .. }) if h == head),
        "{early:?}"
    );
    projector.catch_up().await.unwrap();
    let answer = reader.ask(Vec::new()).await.unwrap();
    assert_eq!((answer.next, answer.behind), (head, 0));
    let patience = std::time::Duration::from_millis(20);
    reader.wait_for(head - 1, patience).await.unwrap();
    let late = reader.wait_for(head, patience).await;
    assert!(matches!(late, Err(QueryError::TooFarBehind { .. })), "{late:?}");
}

//! Documents that are kept in memory over several stretches: written together, let go of, and reached by an erasure.

use domain::{actor::Actor, child::Address, erasure, practitioner, stream::Stream};
use projections::{
    known::Known,
    projection::MarkedProjection as _,
    projector::{Projector, Settings, Step},
    read_models::UnusualAccess,
    store::Row,
};

use crate::{
    Place, documents, naive_marked, noted,
    questions::{Told, person, team, unusual::born},
};

const USER: u128 = 5;

/// A user whose surname and address are known, and who searched forty times.
async fn told() -> Told {
    let mut told = Told::nothing().await;
    told.user(USER, 20, "Ashdown").await;
    let home = Address::new(&["1 High Street"], "LS1 4AB").unwrap();
    let evidence = practitioner::IdentityEvidence::BirthCertificateAndAddress;
    let lives = practitioner::Event::IdentityVerified { evidence, home: Some(home.into()) };
    let stream = Stream::Practitioner(person(USER));
    told.that("2009-06-22T09:00:00Z", team(9, 20), stream, lives).await;
    for minute in 10..50 {
        let at = format!("2009-06-22T10:{minute}:00Z");
        told.searches((USER, 20), &at, born("Carr", "2003-05-01")).await;
    }
    told
}

/// So little at once, and nothing written before the end or before there is a reason.
fn keeping(place: &Place, told: &Told) -> Projector {
    let settings = Settings {
        following: 8,
        building: 8,
        writing: 3,
        changed: 1 << 30,
        kept: 1 << 30,
        ..Settings::default()
    };
    place.projector_of(&told.log, Known::none().and_marked::<UnusualAccess>(), settings)
}

async fn stands_at(place: &Place) -> u64 {
    place.store.builds().await.unwrap()[0].checkpoint.next
}

fn paper(rows: Vec<Row>) -> Option<serde_json::Value> {
    let [key] = UnusualAccess::of_subject(person(USER).uuid())
        .into_iter()
        .filter(|key| key.starts_with("u/"))
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let paper = documents(rows).remove(&format!("d/{key}"))?;
    Some(serde_json::from_str::<serde_json::Value>(&paper).unwrap()["user"].take())
}

fn in_files(place: &Place, text: &str) -> bool {
    std::fs::read_dir(place.dir.path()).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_what_is_kept_in_memory_before_its_turn_in_the_log() {
    let mut told = told().await;
    let other = Place::new();
    keeping(&other, &told).catch_up().await.unwrap();
    let marks: Vec<String> = {
        let paper = paper(other.holds("unusual-access").await).unwrap();
        let mark = |field: &str| paper[field].as_str().unwrap().to_owned();
        vec![mark("surname"), mark("home"), mark("searches")]
    };
    assert!(marks.iter().all(|mark| in_files(&other, mark)), "what is looked for is found");

    let place = Place::new();
    let mut projector = keeping(&place, &told);
    for _ in 0..3 {
        assert_eq!(projector.step().await.unwrap(), Step::TookIn(8));
    }
    assert_eq!((stands_at(&place).await, paper(place.holds("unusual-access").await)), (0, None));
    let subject = person(USER).uuid();
    let gone = told.log.destroy_key(subject).await.unwrap();
    let destroyed = erasure::Event::KeyDestroyed {
        key: subject,
        commitment: None,
        epoch: gone.epoch,
        successor: gone.successor,
    };
    let stream = Stream::Erasure(subject);
    told.without_key("2009-06-23T09:00:00Z", Actor::SYSTEM, stream, destroyed).await;

    assert_eq!(projector.step().await.unwrap(), Step::TookIn(8));
    assert_eq!(stands_at(&place).await, 32, "written at once, long before the key's end is folded");
    let left = paper(place.holds("unusual-access").await).unwrap();
    for field in ["surname", "home", "searches", "sights"] {
        assert!(left.get(field).is_none(), "{field}: {left}");
    }
    projector.catch_up().await.unwrap();
    assert!(marks.iter().all(|mark| !in_files(&place, mark)), "a mark is left in the file");
    let folded = naive_marked::<UnusualAccess>(&noted(&told.log).await);
    assert_eq!(documents(place.holds("unusual-access").await), folded);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_way_writes_what_was_folded_and_whoever_dies_loses_only_that() {
    let told = told().await;
    let place = Place::new();
    let mut dies = keeping(&place, &told);
    for _ in 0..2 {
        dies.step().await.unwrap();
    }
    drop(dies);
    assert_eq!(stands_at(&place).await, 0);
    let mut gives_way = keeping(&place, &told);
    for _ in 0..2 {
        gives_way.step().await.unwrap();
    }
    gives_way.give_way().await.unwrap();
    assert_eq!(stands_at(&place).await, 16);
    keeping(&place, &told).catch_up().await.unwrap();
    let folded = naive_marked::<UnusualAccess>(&noted(&told.log).await);
    assert_eq!(documents(place.holds("unusual-access").await), folded);
}

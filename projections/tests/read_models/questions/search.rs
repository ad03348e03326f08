use std::{collections::BTreeMap, sync::Arc};

use domain::{
    activity::Terms,
    child::{
        Address, ChildNumber, DataSource, DateOfBirth, Detail, Event as E, Gender, Name,
        QuarantineOutcome, Whereabouts,
    },
    identity::ChildRef,
    personal::Personal,
    shield::{Event as S, Ground, Grounds, ThreatLevel},
    stream::Stream,
};
use fixtures::{
    people::text,
    scenario::{id, on},
};
use projections::{
    marks::Marker,
    projector::Settings,
    purge::purge,
    read_models::{self, search::Seeker},
};
use uuid::Uuid;

use super::{Told, authority, child, team};
use crate::Place;

const NOON: &str = "2009-06-22T12:00:00Z";

fn name(given: &str, surname: &str) -> Personal<Name> {
    Personal::Known(Name::new(given, surname).unwrap())
}

fn living_at(line: &str, postcode: &str) -> Personal<Whereabouts> {
    Personal::Known(Whereabouts::Current(Address::new(&[line], postcode).unwrap()))
}

fn created(serial: u64) -> E {
    let born = DateOfBirth::new(on("2003-05-01"), on("2009-06-22")).unwrap();
    E::RecordCreated {
        number: Personal::Known(ChildNumber::from_serial(serial)),
        name: name("Zebedee", "Quarmby"),
        gender: Personal::Known(Gender::Male),
        date_of_birth: Personal::Known(born),
        whereabouts: living_at("7 Hidden Lane", "LS1 4AB"),
        source: DataSource::Practitioner,
    }
}

fn changed(detail: Detail) -> E {
    E::DetailSuperseded { detail, valid_from: on("2009-06-22"), source: DataSource::Practitioner }
}

fn shielded(ground: Ground) -> S {
    S::Applied {
        authority: authority(20),
        grounds: Grounds::new([ground].into(), None).unwrap(),
        threat_level: ThreatLevel::Severe,
        threat_rationale: text("A threat was made"),
        views: BTreeMap::new(),
        review_due: on("2009-12-22"),
    }
}

fn lifted() -> S {
    S::Lifted { authority: authority(20), reasons: text("It is over"), views: BTreeMap::new() }
}

fn by_name(given: &str, surname: &str) -> Terms {
    Terms { given: Some(given.into()), surname: Some(surname.into()), ..Terms::default() }
}

fn by_postcode() -> Terms {
    Terms { postcode: Some("ls1 4ab".to_owned()), ..Terms::default() }
}

impl Told {
    async fn child(&mut self, number: u128, event: E) {
        self.that(NOON, team(2, 20), Stream::Child(child(number)), event).await;
    }

    async fn shield(&mut self, number: u128, event: S) {
        self.that(NOON, team(2, 20), Stream::Shield(child(number)), event).await;
    }

    fn seeker(&self) -> Seeker {
        let marker = Marker::of(&self.log).unwrap();
        Seeker::new(&self.log, Arc::clone(&self.place.store), marker, Uuid::from_u128(77))
    }

    /// Everything the read model of the search holds, when it has taken in what happened.
    async fn held(&self) -> Vec<String> {
        let mut projector = self.place.projector(&self.log, Settings::default());
        projector.catch_up().await.unwrap();
        let rows = self.place.holds("search").await;
        let text = |row: projections::store::Row| {
            format!("{} {}", row.key, String::from_utf8(row.value).unwrap())
        };
        rows.into_iter().map(text).collect()
    }
}

async fn found(seeker: &Seeker, terms: &Terms) -> Vec<ChildRef> {
    seeker.candidates(terms, 100).await.unwrap().children
}

/// Once with a read model that has taken everything in, and once with one that has not.
async fn both_ways(told: &Told, terms: &Terms) -> Vec<ChildRef> {
    let behind = found(&told.seeker(), terms).await;
    told.held().await;
    let abreast = found(&told.seeker(), terms).await;
    assert_eq!(behind, abreast);
    abreast
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_former_name_leads_to_the_record_and_a_mixture_of_two_does_not() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    told.held().await;
    told.child(1, changed(Detail::Name(name("Zeb", "New")))).await;
    assert_eq!(both_ways(&told, &by_name("ZEBEDEE", "quarmby")).await, [child(1)]);
    assert_eq!(both_ways(&told, &by_name("Zeb", "New")).await, [child(1)]);
    assert_eq!(both_ways(&told, &by_name("Zebedee", "New")).await, []);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_shielded_record_has_no_mark_of_anything_hidden() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    told.child(1, changed(Detail::Name(name("Zeb", "New")))).await;
    let before = told.held().await;
    assert_eq!(both_ways(&told, &by_postcode()).await, [child(1)]);
    told.shield(1, shielded(Ground::ChildAtRisk)).await;
    let gone = |held: &[String], index: &str| !held.iter().any(|row| row.starts_with(index));
    let during = told.held().await;
    assert!(!gone(&before, "i/postcode/") && gone(&during, "i/postcode/"), "{during:?}");
    // Every mark there is now was there before, and those of the former name and the address are not.
    assert_eq!(during.iter().filter(|row| row.starts_with("i/name/")).count(), 1);
    assert!(!during.iter().any(|row| row.contains("postcode") || row.contains("address")));
    for hidden in [by_postcode(), by_name("Zebedee", "Quarmby")] {
        assert_eq!(both_ways(&told, &hidden).await, []);
    }
    assert_eq!(both_ways(&told, &by_name("Zeb", "New")).await, [child(1)]);
    // A move while the shield is on leaves no mark either.
    told.child(1, changed(Detail::Whereabouts(living_at("9 Other Street", "LS1 4AB")))).await;
    assert_eq!(both_ways(&told, &by_postcode()).await, []);
    told.shield(1, lifted()).await;
    assert_eq!(both_ways(&told, &by_postcode()).await, [child(1)]);
    assert_eq!(both_ways(&told, &by_name("Zebedee", "Quarmby")).await, [child(1)]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_shield_of_a_moment_ago_counts_though_nobody_has_followed_the_log() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    told.child(2, created(8)).await;
    told.held().await;
    let seeker = told.seeker();
    assert_eq!(found(&seeker, &by_postcode()).await, [child(1), child(2)]);
    told.shield(1, shielded(Ground::ChildAtRisk)).await;
    assert_eq!(found(&seeker, &by_postcode()).await, [child(2)]);
    told.child(3, created(9)).await;
    assert_eq!(found(&seeker, &by_postcode()).await, [child(2), child(3)]);
    let stood = told.place.store.builds().await.unwrap();
    let search = stood.iter().find(|built| built.build.name == "search").unwrap();
    assert!(
        search.checkpoint.next < told.log.length(),
        "the read model was not brought up to date"
    );
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_wider_search_finds_what_sounds_alike() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    let heard = by_name("Zebadee", "Kwarmby");
    let wider = Terms { sounds_like: true, ..by_name("Zebadee", "Quarmbie") };
    assert_eq!(both_ways(&told, &heard).await, []);
    assert_eq!(both_ways(&told, &wider).await, [child(1)]);
    let born = Terms { date_of_birth: Some(on("2003-05-01")), ..wider };
    assert_eq!(both_ways(&told, &born).await, [child(1)]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn every_field_leads_there_alone_and_with_others() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    let number = ChildNumber::from_serial(7).expose().to_owned();
    let born = Terms { date_of_birth: Some(on("2003-05-01")), ..Terms::default() };
    let (male, female) = (Some(Gender::Male), Some(Gender::Female));
    for terms in [
        Terms { number: Some(number), ..Terms::default() },
        born.clone(),
        Terms { surname: Some("quarmby".into()), ..born.clone() },
        Terms { given: Some("zebedee".into()), ..born.clone() },
        Terms { surname: Some("quarmby".into()), gender: male, ..Terms::default() },
        Terms { given: Some("zebedee".into()), gender: male, ..Terms::default() },
        Terms { gender: male, ..by_name("zebedee", "quarmby") },
        Terms { gender: male, ..by_postcode() },
        Terms { gender: male, ..Terms::default() },
    ] {
        assert_eq!(both_ways(&told, &terms).await, [child(1)], "{terms:?}");
        let other = Terms { gender: female, ..terms };
        assert_eq!(both_ways(&told, &other).await, [], "{other:?}");
    }
    let nothing_counts = Terms { surname: Some("'-".into()), ..born };
    assert_eq!(both_ways(&told, &nothing_counts).await, []);
    assert_eq!(both_ways(&told, &Terms::default()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_record_in_quarantine_is_recognised_and_not_found() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    told.child(1, E::RecordQuarantined { matches: [child(9)].into() }).await;
    let born = Terms { date_of_birth: Some(on("2003-05-01")), ..Terms::default() };
    assert_eq!(both_ways(&told, &born).await, [child(1)]);
    assert_eq!(both_ways(&told, &by_name("Zebedee", "Quarmby")).await, []);
    assert_eq!(both_ways(&told, &by_postcode()).await, []);
    let (outcome, reason) = (QuarantineOutcome::AnotherChild, text("Another child"));
    told.child(1, E::QuarantineResolved { outcome, reason }).await;
    assert_eq!(both_ways(&told, &by_postcode()).await, [child(1)]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_list_without_end_is_cut_off_and_says_so() {
    let mut told = Told::nothing().await;
    for number in 1..=600 {
        told.child(number, created(u64::try_from(number).unwrap())).await;
    }
    told.held().await;
    let cut = told.seeker().candidates(&by_name("Zebedee", "Quarmby"), 40).await.unwrap();
    assert!(cut.more && (41..600).contains(&cut.children.len()), "{}", cut.children.len());
    let all = told.seeker().candidates(&by_name("Zebedee", "Quarmby"), usize::MAX).await.unwrap();
    assert_eq!((all.children.len(), all.more), (600, false));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_stands_for_an_erased_child_is_purged_from_every_build_and_from_the_file() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    told.child(2, created(8)).await;
    let before = told.held().await;
    let of_the_child = |row: &&String| row.contains(&child(1).to_string());
    assert!(before.iter().filter(of_the_child).count() > 5, "{before:?}");
    let marks = |rows: &[String]| -> Vec<String> {
        let document = rows.iter().find(|row| row.starts_with(&format!("d/{}", child(1))));
        let (_, json) = document.unwrap().split_once(' ').unwrap();
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        vec![value["number"].as_str().unwrap().to_owned()]
    };
    let marks = marks(&before);
    let known = read_models::all();
    let purged = purge(&*told.place.store, &known, id(1)).await.unwrap();
    assert_eq!(
        purged.removed(),
        u64::try_from(before.iter().filter(of_the_child).count()).unwrap() + 1
    );
    assert!(
        purged.is_final_after(told.log.length() - 1) && !purged.is_final_after(told.log.length())
    );
    let after = told.place.holds("search").await;
    assert!(!after.iter().any(|row| row.key.contains(&child(1).to_string())));
    let in_files = |mark: &str| {
        std::fs::read_dir(told.place.dir.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(mark.len()).any(|part| part == mark.as_bytes())
        })
    };
    assert!(marks.iter().all(|mark| !in_files(mark)), "a mark is left in the file");
    assert_eq!(purge(&*told.place.store, &known, id(1)).await.unwrap().removed(), 0);
    assert_eq!(found(&told.seeker(), &by_postcode()).await, [child(2)]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn without_the_keys_nothing_is_followed_that_needs_marks() {
    let mut told = Told::nothing().await;
    told.child(1, created(7)).await;
    let (keyless, place) = (told.log.without_keys(), Place::new());
    assert!(Marker::of(&keyless).is_err());
    place.projector(&keyless, Settings::default()).catch_up().await.unwrap();
    let builds = place.store.builds().await.unwrap();
    assert!(
        builds
            .iter()
            .all(|built| !["search", "unusual-access"].contains(&built.build.name.as_str()))
    );
    assert_eq!(builds.len(), read_models::all().without_marks().names().count());
    let other = crate::logs::fresh().await;
    assert!(Marker::of(&other).is_ok());
}

//! What the clock does by itself, and that it does nothing twice.

use api::{
    by_the_clock::{Round, round},
    cluster::Cluster,
    configuration::ClockKind,
    directory::{Directory, Keeping},
};
use domain::{actor::Actor, event::Event, identity::PractitionerId, practitioner, stream::Stream};
use event_log::{AsOf, Options};
use serde_json::json;

use crate::{
    sweeping::{OFFICIAL, demonstration},
    world::World,
};

#[tokio::test]
async fn a_check_that_has_lapsed_is_put_on_record_by_the_clock() {
    let (world, authority) = World::with_an_authority().await;
    let before = round(&world.directory).await.unwrap();
    assert_eq!((before.archived, before.due, before.lapsed, before.left), (0, 0, 0, 0));
    let issued = chrono::Utc::now().date_naive().checked_sub_months(chrono::Months::new(36));
    let nomination = json!({"organisation": authority.id, "role": "practitioner",
        "name": "Old Check", "surname": "Check", "manager": world.official.id, "need": "Works."});
    let nominee = world.post(&authority.team, "/practitioners", nomination).await.good();
    let id = nominee["id"].as_str().unwrap();
    let check = json!({"issued_on": issued.unwrap(), "disclosure_number": "001234567890"});
    world.post(&authority.team, &format!("/practitioners/{id}/crb-checks"), check).await.good();

    let found = round(&world.directory).await.unwrap();
    assert_eq!(found, Round { looked_at: before.looked_at + 1, lapsed: 1, ..Round::default() });
    let stream = Stream::Practitioner(PractitionerId::new(id.parse().unwrap()));
    let last = world.log.history(stream, AsOf::Now).await.unwrap().pop().unwrap();
    assert_eq!(last.stamp.by, Actor::SYSTEM);
    let Event::Practitioner(practitioner::Event::EnhancedCrbCheckExpired { on }) = last.event
    else {
        panic!("{:?}", last.event);
    };
    assert_eq!(on, chrono::Utc::now().date_naive());
    let length = world.log.length();
    assert_eq!(round(&world.directory).await.unwrap(), Round { lapsed: 0, ..found });
    assert_eq!(world.log.length(), length, "done again, it changes nothing");
}

#[tokio::test]
async fn years_later_records_are_archived_and_found_to_be_due() {
    let data = demonstration();
    let options = Options { origin: api::configuration::DEFAULT_ORIGIN.to_owned() };
    let (cluster, keeping) = (Cluster::default(), Keeping::default());
    let directory =
        Directory::open_where(&cluster, data.path(), &options, ClockKind::System, &keeping)
            .await
            .unwrap();
    let found = round(&directory).await.unwrap();
    assert!(found.archived > 10 && found.due > 10 && found.lapsed > 2, "{found:?}");
    assert_eq!(found.left, 0);
    let official = PractitionerId::new(OFFICIAL.parse().unwrap());
    let official = Stream::Practitioner(official);
    let said = directory.log().history(official, AsOf::Now).await.unwrap();
    assert!(said.iter().all(|event| event.stamp.at.format("%Y").to_string() == "2009"));
    let again = round(&directory).await.unwrap();
    assert_eq!(again, Round { looked_at: found.looked_at, ..Round::default() });
    directory.close().await;
}

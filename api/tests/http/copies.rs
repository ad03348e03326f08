//! Prints and files are disclosures of their own; contact is brokered without showing anything.

use domain::{access, event::Event, identity::ChildRef, stream::Stream};
use event_log::{AsOf, memory::faults::AppendFault};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Authority, Who, World, reason};

async fn open(world: &World, who: &Who, child: Uuid) -> Value {
    world.open(who, child).await.good()["opening"].clone()
}

fn print(opening: &Value) -> Value {
    json!({"opening": opening, "form": "print", "holder": "The duty file", "reason": reason()})
}

async fn recorded(world: &World, child: Uuid) -> Vec<access::Event> {
    let history = world.log.history(Stream::Access(ChildRef::new(child)), AsOf::Now).await.unwrap();
    history.into_iter().filter_map(|one| access::Event::try_from(one.event).ok()).collect()
}

#[tokio::test]
async fn a_print_is_recorded_before_it_is_answered_and_until_it_is_destroyed() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opening = open(&world, &authority.user, child).await;
    let path = format!("/children/{child}/copies");
    let answer = world.post(&authority.user, &path, print(&opening)).await;
    assert_eq!(answer.status, 201);
    let printed = answer.json();
    assert!(printed.to_string().contains("7 Hidden Lane"), "{printed}");
    assert!(matches!(
        recorded(&world, child).await.last(),
        Some(access::Event::DisclosureCopied { .. })
    ));
    let destroyed = format!("{path}/{}/destruction", printed["copy"].as_str().unwrap());
    let body = json!({"manner": "Shredded, two people present."});
    let receipt = world.post(&authority.user, &destroyed, body.clone()).await.good();
    assert_eq!(receipt["events"][0]["type"], "access.copy-destroyed/1");
    let again = world.post(&authority.team, &destroyed, body).await.good();
    assert_eq!(again["events"], json!([]), "destroying again is quiet");
}

#[tokio::test]
async fn a_print_that_cannot_be_recorded_is_not_answered() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opening = open(&world, &authority.user, child).await;
    world.memory.faults().next_append(AppendFault::Unavailable);
    let answer =
        world.post(&authority.user, &format!("/children/{child}/copies"), print(&opening)).await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("Hidden Lane"));
    answer.problem(503);
}

#[tokio::test]
async fn of_a_print_that_a_late_guard_forbids_it_is_recorded_that_it_was_not_released() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opening = open(&world, &authority.user, child).await;
    world.memory.faults().next_append(AppendFault::GuardMovedAfterWriting);
    let answer =
        world.post(&authority.user, &format!("/children/{child}/copies"), print(&opening)).await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("Hidden Lane"));
    answer.problem(409);
    let stream = Stream::Access(ChildRef::new(child));
    let history = world.log.history(stream, AsOf::Now).await.unwrap();
    let [.., copied, note] = history.as_slice() else { panic!("{history:?}") };
    assert!(matches!(copied.event, Event::Access(access::Event::DisclosureCopied { .. })));
    let disclosure = copied.stamp.id;
    assert_eq!(note.event, Event::Access(access::Event::DisclosureWithheld { disclosure }));
}

#[tokio::test]
async fn a_shield_keeps_what_it_hides_off_paper_and_a_file() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opening = open(&world, &authority.user, child).await;
    world.shield(&authority, child).await;
    for form in ["print", "export"] {
        let mut body = print(&opening);
        body["form"] = json!(form);
        let path = format!("/children/{child}/copies");
        let copied = world.post(&authority.user, &path, body).await.good();
        assert!(!copied.to_string().contains("Hidden Lane"), "{copied}");
        assert_eq!(copied["shielded"], json!(true));
    }
}

#[tokio::test]
async fn a_copy_of_somebody_elses_screen_is_refused() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opening = open(&world, &authority.user, child).await;
    let path = format!("/children/{child}/copies");
    let problem = world.post(&authority.team, &path, print(&opening)).await.problem(409);
    assert_eq!(
        (problem["refusal"].clone(), problem["rule_ids"].clone()),
        (json!("not-open"), json!(["A15"]))
    );
    let unknown = format!("{path}/{}/destruction", Uuid::now_v7());
    world.post(&authority.user, &unknown, json!({"manner": "Lost"})).await.problem(404);
}

async fn ask(world: &World, authority: &Authority, child: Uuid) -> (String, Uuid) {
    let opening = open(world, &authority.user, child).await;
    let path = format!("/children/{child}/brokerings");
    let body = json!({"opening": opening, "reason": reason(),
        "concern": "Bruises that nobody can explain.", "reach": "01632 960 999"});
    let asked = world.post(&authority.user, &path, body).await;
    assert_eq!(asked.status, 201);
    let asked = asked.json();
    let id: Uuid = asked["id"].as_str().unwrap().parse().unwrap();
    (format!("{path}/{id}"), id)
}

#[tokio::test]
async fn contact_is_brokered_and_whoever_asked_is_shown_nothing() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let school_nurse = json!({"kind": "school-nurse", "practitioner_name": "Hidden Nurse",
        "contact": {"telephone": "01632 960 001"}});
    let involved = json!({"service": school_nurse, "from": crate::world::today()});
    let etag = world.open(&authority.user, child).await.headers["etag"].clone();
    let path = format!("/children/{child}/involvements");
    let if_match = [("if-match", etag.to_str().unwrap())];
    let involvement = world.post_with(&authority.user, &path, &if_match, involved).await.good();
    let involvement = involvement["id"].clone();
    world.shield(&authority, child).await;
    let (path, id) = ask(&world, &authority, child).await;
    let stage = async |who: &Who| world.get(who, &path).await;
    assert_eq!(stage(&authority.user).await.good(), json!({"brokering": id, "stage": "requested"}));
    stage(&authority.team).await.problem(404);
    let views = format!("{path}/views");
    let refused = world.post(&authority.user, &views, json!({})).await.problem(403);
    assert_eq!(refused["refusals"], json!(["office-may-not-look"]));
    let contact = format!("{path}/contact");
    let brokered = json!({"with": involvement, "outcome": "They spoke at four."});
    let early = world.post(&authority.team, &contact, brokered.clone()).await.problem(409);
    assert_eq!(early["refusal"], "not-viewed");
    let seen = world.post(&authority.team, &views, json!({})).await.good();
    assert!(seen.to_string().contains("Hidden Nurse") && seen["brokering"] == json!(id), "{seen}");
    assert_eq!(stage(&authority.user).await.good()["stage"], "requested");
    world.post(&authority.team, &contact, brokered.clone()).await.good();
    assert_eq!(stage(&authority.user).await.good()["stage"], "brokered");
    world.post(&authority.team, &contact, brokered).await.problem(409);
    world.post(&authority.team, &views, json!({})).await.problem(409);
}

#[tokio::test]
async fn brokering_may_be_declined_and_the_reason_stays_in_the_trail() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let (path, _) = ask(&world, &authority, child).await;
    let elsewhere = world.authority("York").await;
    let decline = format!("{path}/decline");
    let body = json!({"reason": "No concern that could be named."});
    world.post(&elsewhere.team, &decline, body.clone()).await.problem(403);
    world.post(&elsewhere.team, &format!("{path}/views"), json!({})).await.problem(404);
    world.post(&authority.team, &decline, body).await.good();
    let told = world.get(&authority.user, &path).await.good();
    assert_eq!(told["stage"], "declined");
    assert!(!told.to_string().contains("concern"), "{told}");
    let trail = format!("/children/{child}/accesses/queries");
    let trail = world.post(&authority.team, &trail, json!({"reason": reason()})).await.good();
    let lines = trail["data"]["accesses"].as_array().unwrap();
    let whats: Vec<&str> = lines.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["opened", "contact-requested", "refused", "brokering-declined"]);
    assert!(lines[3].to_string().contains("No concern that could be named."));
}

#[tokio::test]
async fn a_lapse_is_put_on_record_by_a_keeper_of_the_account() {
    let (world, authority) = World::with_an_authority().await;
    let path = format!("/practitioners/{}/crb-lapses", authority.user.id);
    let problem = world.post(&authority.team, &path, json!({})).await.problem(409);
    assert_eq!(
        (&problem["refusal"], &problem["rule_ids"]),
        (&json!("still-holds"), &json!(["U5"]))
    );
    world.post(&authority.user, &path, json!({})).await.problem(403);
    let issued = chrono::Utc::now().date_naive().checked_sub_months(chrono::Months::new(36));
    let nomination = json!({"organisation": authority.id, "role": "practitioner",
        "name": "Old Check", "surname": "Check", "manager": world.official.id, "need": "Works."});
    let nominee = world.post(&authority.team, "/practitioners", nomination).await.good();
    let path = format!("/practitioners/{}", nominee["id"].as_str().unwrap());
    let check = json!({"issued_on": issued.unwrap(), "disclosure_number": "001234567890"});
    world.post(&authority.team, &format!("{path}/crb-checks"), check).await.good();
    let lapse = format!("{path}/crb-lapses");
    let receipt = world.post(&authority.team, &lapse, json!({})).await.good();
    assert_eq!(receipt["events"][0]["type"], "practitioner.enhanced-crb-check-expired/1");
    assert_eq!(world.post(&world.official, &lapse, json!({})).await.good()["events"], json!([]));
    let all = world.log.history(Stream::Practitioner(nominee_id(&nominee)), AsOf::Now).await;
    assert!(matches!(all.unwrap().last().unwrap().event, Event::Practitioner(_)));
}

fn nominee_id(nominee: &Value) -> domain::identity::PractitionerId {
    domain::identity::PractitionerId::new(nominee["id"].as_str().unwrap().parse().unwrap())
}

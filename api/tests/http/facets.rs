//! Facets are counted over many more rows than a page shows, and come to what the rows themselves come to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Utc;
use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, Refusal, ShieldState},
    activity::{self, SearchOutcome, SearchRow},
    actor::{Actor, Role},
    audit::{self, Question},
    event::Event,
    identity::{ChildRef, OpeningId, OrganisationId, PractitionerId},
    personal::Personal,
    policy::PolicyVersion,
    stream::Stream,
};
use event_log::{Commit, Context, EventLog};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

const FACETS: [&str; 5] = ["what", "outcome", "organisation", "role", "reason"];

fn purpose(number: usize) -> Purpose {
    let codes = ["direct-contact-with-child", "child-protection", "audit"];
    let code = ReasonCode::try_from(codes[number % codes.len()].to_owned()).unwrap();
    Purpose { code, text: Personal::Erased }
}

fn looked(number: usize) -> access::Event {
    let (purpose, shown) = (purpose(number), Fields::from([Field::Name]));
    if number.is_multiple_of(5) {
        let refusals = BTreeSet::from([Refusal::NotEntitled]);
        return access::Event::AccessRefused { purpose, sought: Basis::Practitioner, refusals };
    }
    access::Event::RecordOpened {
        opening: OpeningId::new(Uuid::now_v7()),
        purpose,
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown,
        withheld: Fields::NONE,
    }
}

fn searched(number: usize, child: ChildRef) -> activity::Event {
    let rows = vec![SearchRow { child, shown: Fields::from([Field::Name]) }];
    let outcome = match number % 3 {
        0 => SearchOutcome::TooMany,
        1 => SearchOutcome::Shown(Vec::new()),
        _ => SearchOutcome::Shown(rows),
    };
    let fields = Fields::from([Field::Name]);
    activity::Event::SearchPerformed {
        purpose: purpose(number),
        terms: Personal::Erased,
        fields,
        outcome,
    }
}

async fn write(log: &EventLog, by: Actor, stream: Stream, events: Vec<Event>) -> Vec<Uuid> {
    let context = Context {
        command: Uuid::now_v7(),
        at: Utc::now(),
        by,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    };
    let reading = log.reading();
    let recorded = log.commit(Commit { stream, events, reading, context }).await.unwrap();
    recorded.iter().map(|recorded| recorded.stamp.id.uuid()).collect()
}

/// One person's looks, in several offices and for several bodies, `rounds` times 110 of them.
async fn happened(log: &EventLog, person: PractitionerId, rounds: usize) {
    let child = ChildRef::new(Uuid::now_v7());
    for round in 0..rounds {
        let role = [Role::Practitioner, Role::ManagementTeam][round % 2];
        let organisation = OrganisationId::new(Uuid::from_u128(7 + u128::from(round % 3 == 0)));
        let by = Actor::person(person, role, organisation);
        let looks = (0..70).map(|number| looked(number).into()).collect();
        let written = write(log, by, Stream::Access(child), looks).await;
        // Of some it turned out that nothing was released.
        let withheld = written.iter().skip(1).step_by(9).map(|disclosure| {
            let disclosure = domain::identity::EventId::new(*disclosure);
            access::Event::DisclosureWithheld { disclosure }.into()
        });
        write(log, by, Stream::Access(child), withheld.collect()).await;
        let searches = (0..30).map(|number| searched(number, child).into()).collect();
        write(log, by, Stream::Activity(person), searches).await;
        let questions = (0..10).map(|number| {
            let question = audit::Event::TrailQueried {
                question: Question::Accesses,
                about: vec![Stream::Access(child)],
                within: None,
                events: Vec::new(),
                purpose: purpose(number),
            };
            question.into()
        });
        write(log, by, Stream::Audit(person), questions.collect()).await;
    }
}

/// The words of each column of these rows, counted one by one.
fn naive(rows: &[Value]) -> Value {
    let mut counts: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for column in FACETS {
        let counts = counts.entry(column).or_default();
        for word in rows.iter().filter_map(|row| row[column].as_str()) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
    }
    json!(counts)
}

#[tokio::test]
async fn facets_of_a_thousand_rows_and_more_are_what_the_rows_come_to() {
    let (world, authority) = World::with_an_authority().await;
    let person = PractitionerId::new(authority.user.id);
    happened(&world.log, person, 8).await;
    let path = format!("/practitioners/{}/sights/queries", authority.user.id);
    // What is in the log now is in the answer.
    let ask = async |parameters: &str, more: Value| {
        let token = format!("p{}", world.log.length() - 1);
        let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
        let mut body = json!({"reason": {"code": "audit", "text": "Weekly review."}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world
            .post_with(&world.official, &format!("{path}{parameters}"), &headers, body)
            .await
            .good()
    };
    let rows = async |more: Value| {
        let answer = ask("?limit=10000&facets=none", more).await;
        answer["data"].as_array().unwrap().clone()
    };
    // 880 and what they did when the directory was set up: all counted.
    let everything = rows(json!({})).await;
    assert!((880..=1_000).contains(&everything.len()), "{}", everything.len());
    let answer = ask("", json!({})).await;
    assert_eq!(answer["data"].as_array().unwrap()[..], everything[..50]);
    let facets = &answer["facets"];
    assert_eq!((&facets["complete"], &facets["rows"]), (&json!(true), &json!(everything.len())));
    assert_eq!(facets["counts"], naive(&everything));
    assert_eq!(facets["counts"]["what"], json!({"asked": 80, "opened": 560, "searched": 240}));
    assert!(facets["counts"]["outcome"]["recorded-but-not-released"].as_u64() > Some(50));

    happened(&world.log, person, 4).await;
    // 1,320: the first thousand are counted, on a page of any length.
    let everything = rows(json!({})).await;
    assert_eq!(everything.len(), 1_320);
    for parameters in ["", "?limit=3", "?limit=1000"] {
        let answer = ask(parameters, json!({})).await;
        let facets = &answer["facets"];
        assert_eq!((&facets["complete"], &facets["rows"]), (&json!(false), &json!(1_000)));
        assert_eq!(facets["counts"], naive(&everything[..1_000]), "{parameters}");
    }
    let answer = ask("?limit=1200", json!({})).await;
    assert_eq!(answer["facets"]["counts"], naive(&everything[..1_200]));
    // Only such deeds: the rest are not among the rows, and are named beside them.
    let openings = rows(json!({"what": ["opened"]})).await;
    let answer = ask("", json!({"what": ["opened"]})).await;
    assert_eq!(openings.len(), 840);
    assert_eq!(answer["facets"]["counts"], naive(&openings));
    assert_eq!(
        answer["searched"]["excluded"]["other_deeds_among_the_rows_looked_at"],
        json!(1_320 - 840)
    );
}
